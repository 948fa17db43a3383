import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.progress import Progress

from timbrespace.errors import ConfigError
from timbrespace.reproduction.budget import planned, steps_within
from timbrespace.reproduction.plan import Request

TINY = (
    "encoder.frontend.init_args.n_bands=20",
    "encoder.backbone.init_args={blocks: [1], channels: [16], stem_stride: 2}",
    "encoder.pooling.init_args.n_features=16",
    "encoder.embedding_size=16",
    "sampling.min_s=0.3",
    "sampling.max_s=0.4",
)


def plan_of(manifest, tmp_path, rows=("base",), **asked):
    request = Request(sounds="m.parquet", rows=rows, **asked)
    with Progress(disable=True) as progress:
        return planned(request, manifest, tmp_path / "notes", progress)


@given(
    budget_s=st.floats(1, 1e5),
    step_s=st.lists(st.floats(0.01, 1), min_size=1, max_size=10),
    n_seeds=st.integers(1, 3),
)
def test_the_budget_is_used_up_and_not_overdrawn(budget_s, step_s, n_seeds):
    round_s = n_seeds * sum(step_s)
    if budget_s < round_s:
        with pytest.raises(ConfigError, match="too short"):
            steps_within(budget_s, step_s, n_seeds=n_seeds)
    else:
        n_steps = steps_within(budget_s, step_s, n_seeds=n_seeds)
        assert n_steps * round_s <= budget_s * (1 + 1e-12)  # rounding of one product
        assert budget_s < (n_steps + 1) * round_s * (1 + 1e-12)


def test_a_budget_that_is_too_short_says_what_is_needed():
    with pytest.raises(ConfigError, match=r"one step of each run takes 0\.2\. Give more"):
        steps_within(6, [1.0, 3.0], n_seeds=3)


def test_without_a_budget_the_recipes_stand(tone_manifest, tmp_path):
    plan = plan_of(tone_manifest, tmp_path, changes=("family_weight=0.5",))
    assert (plan.settings, plan.step_s) == (("family_weight=0.5",), {})
    assert plan.recipe("base", 10).schedule.epochs == 30
    assert plan.recipe("base", 10).sampling.batch_size == 128


def test_a_budget_gives_all_runs_as_many_steps(tone_manifest, tmp_path):
    rows = ("base", "no-family")
    plan = plan_of(tone_manifest, tmp_path, rows, changes=TINY, budget_min=0.1, seeds=(10, 100))
    recipes = [plan.recipe(*run) for run in plan.runs.values()]
    (n_steps,) = {recipe.schedule.total_steps(1) for recipe in recipes}
    (batch_size,) = {recipe.sampling.batch_size for recipe in recipes}
    assert batch_size == 32
    assert all(seconds > 0 for seconds in plan.step_s.values())
    assert n_steps <= 6 / (2 * sum(plan.step_s.values()))
    assert plan.settings[-len(TINY) :] == TINY


def test_a_budget_trains_no_longer_than_the_recipe(tone_manifest, tmp_path):
    plan = plan_of(tone_manifest, tmp_path, changes=TINY, budget_min=1000.0)
    assert plan.recipe("base", 10).schedule.total_steps(1) == 30 * (48 // 32)


def test_a_wrong_change_is_found_before_anything_is_trained(tone_manifest, tmp_path):
    with pytest.raises(ConfigError, match="colour"):
        plan_of(tone_manifest, tmp_path, changes=("encoder.colour=blue",))
    assert not (tmp_path / "notes").exists()
