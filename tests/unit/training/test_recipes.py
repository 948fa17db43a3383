import pytest
import torch
import yaml

from timbrespace.errors import ConfigError
from timbrespace.models import AdditiveAngularMargin, Encoder, LogMel
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers, recipe_names


def weights(recipe):
    return recipe.encoder.state_dict()


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_ships_builds_and_takes_a_step(name):
    recipe = build_recipe(recipe_layers(name))
    embedding = recipe.encoder(torch.randn(2, 16_000))
    heads = [recipe.instrument_head, *([recipe.family_head] if recipe.family_head else [])]
    loss = torch.stack(
        [
            head(embedding_size=recipe.encoder.embedding_size, n_classes=3)(
                embedding, torch.tensor([0, 2])
            )
            for head in heads
        ]
    ).sum()
    loss.backward()
    assert torch.isfinite(loss)
    learned = [p for p in recipe.encoder.parameters() if p.requires_grad]
    assert all(p.grad is not None for p in learned)


def test_the_base_has_the_published_size():
    recipe = build_recipe(recipe_layers("shi2022-base"))
    n_encoder = sum(p.numel() for p in recipe.encoder.parameters())
    biases = 1006 + 11  # the published count has plain heads with biases
    assert n_encoder + 512 * (1006 + 11) + biases == 2_382_501


def test_ablations_change_what_they_say_and_nothing_else():
    base = yaml.safe_load(build_recipe(recipe_layers("shi2022-base")).resolved)
    for name, keys in [
        ("no-augmentation", {"sampling"}),
        ("no-family", {"family_head"}),
        ("no-asoftmax", {"instrument_head", "family_head"}),
        ("mel80", {"encoder"}),
    ]:
        other = yaml.safe_load(build_recipe(recipe_layers(f"shi2022-{name}")).resolved)
        assert {key for key in base if base[key] != other[key]} == keys


def test_the_resolved_settings_build_the_same_again():
    recipe = build_recipe(recipe_layers("small"), ["seed=3", "encoder.embedding_size=32"])
    again = build_recipe([yaml.safe_load(recipe.resolved)])
    assert again.resolved == recipe.resolved
    assert recipe.encoder.embedding_size == 32
    for name, value in weights(recipe).items():
        assert torch.equal(value, weights(again)[name])


def test_the_seed_decides_the_weights_and_nothing_global_changes():
    state = torch.get_rng_state()
    one, other = (build_recipe(recipe_layers("small"), [f"seed={seed}"]) for seed in (1, 2))
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.equal(weights(one)["embedding.weight"], weights(other)["embedding.weight"])


def test_a_file_may_extend_a_recipe_that_ships(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: small\nencoder: {frontend: {class_path: LogMel}}\nseed: 5\n")
    recipe = build_recipe(recipe_layers(str(file)))
    assert isinstance(recipe.encoder, Encoder)
    assert isinstance(recipe.encoder.frontend, LogMel)
    assert recipe.seed == 5
    assert isinstance(recipe.instrument_head(embedding_size=4, n_classes=2), AdditiveAngularMargin)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: mine.yaml", "extends itself"),
        ("extends: nowhere", "no recipe 'nowhere': recipes that ship are default, shi2022"),
        ("- a\n- b", "a recipe is a mapping"),
        ("{", "not readable YAML"),
    ],
)
def test_recipe_files_that_cannot_work_are_refused(tmp_path, text, message):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        recipe_layers(str(file))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "encoder.embeding_size=3",
            "^encoder.embeding_size: no such setting of a recipe; encoder has .*embedding_size",
        ),
        ("sampling.batch=8", "^sampling.batch: no such setting of a recipe; sampling has batch_s"),
        ("help=1", "^help: no such setting of a recipe; it has encoder, "),
        ("encoder.embedding_size=big", "embedding_size"),
        ("sampling.batch_size=1", "batch_size"),
        ("encoder.frontend.init_args.n_band=3", "n_band"),
        ("seed", "settings are key=value"),
        ("=3", "settings are key=value"),
        ("checkpoint_every=0", "checkpoint_every must be >= 1"),
        ("encoder.embedding_size=1000000000000", "recipe: "),
    ],
)
def test_settings_that_are_not_known_or_do_not_fit_are_refused(override, message):
    with pytest.raises(ConfigError, match=message):
        build_recipe(recipe_layers("small"), [override])


def test_a_recipe_without_a_task_is_refused():
    with pytest.raises(ConfigError, match="one of instrument_head, kind_head and family_head"):
        build_recipe(recipe_layers("small"), ["instrument_head=null", "family_head=null"])


def test_effects_out_of_range_are_refused():
    with pytest.raises(ConfigError, match=r"augmentation\.room"):
        build_recipe(recipe_layers("small"), ["augmentation.room=2"])
