import csv
import json
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest
import torch
from rich.progress import Progress

from timbrespace.embeddings import encoder_of, read_embeddings, vectors_of
from timbrespace.errors import ConfigError, InputError
from timbrespace.locks import exclusive
from timbrespace.manifest import write_manifest
from timbrespace.models import encoder_hash, load_encoder
from timbrespace.training import build_recipe, open_run, train, write_cohort
from timbrespace.training.recipes import recipe_layers
from timbrespace.training.run import training_rows

TINY = [
    "encoder.frontend.init_args.n_bands=16",
    "encoder.backbone.init_args={blocks: [1, 1], channels: [16, 16], stem_stride: 2}",
    "encoder.pooling.init_args.n_features=16",
    "encoder.embedding_size=16",
    "sampling={batch_size: 16, min_s: 0.3, max_s: 0.5}",
    "schedule={epochs: null, steps: 40, learning_rate: 0.003}",
    "checkpoint_every=5",
]


def tiny_recipe(*overrides):
    return build_recipe(recipe_layers("small"), [*TINY, *overrides])


def run_tiny(manifest, folder, *overrides, resume=False, **options):
    recipe = tiny_recipe(*overrides)
    open_run(folder, recipe, resume=resume)
    with Progress(disable=True) as progress:
        return train(
            recipe,
            manifest,
            folder,
            notes=folder.parent / "notes",
            name="tiny",
            progress=progress,
            **options,
        )


def metrics_of(folder):
    with (folder / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def undisturbed(tone_manifest, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "whole"
    assert run_tiny(tone_manifest, folder) == []
    return folder


def test_a_run_keeps_all_that_says_how_it_was_done(undisturbed):
    assert {path.name for path in undisturbed.iterdir()} >= {
        "recipe.yaml",
        "run.json",
        "classes.json",
        "metrics.csv",
        "tensorboard",
        "checkpoints",
        "encoder",
    }
    record = json.loads((undisturbed / "run.json").read_text())
    assert (record["notes"], record["instruments"], record["seed"]) == (48, 4, 10)
    classes = json.loads((undisturbed / "classes.json").read_text())
    assert classes["instrument"] == ["tone-0", "tone-1", "tone-2", "tone-3"]
    assert load_encoder(undisturbed / "encoder").name == "tiny"


def test_training_learns(undisturbed):
    rows = metrics_of(undisturbed)
    assert [int(row["step"]) for row in rows] == [9, 19, 29, 39]
    losses = [float(row["loss"]) for row in rows]
    assert (losses[-1] + losses[-2]) / 2 < 0.8 * losses[0]


def test_the_same_seed_gives_the_same_weights_and_another_does_not(
    tone_manifest, undisturbed, tmp_path
):
    run_tiny(tone_manifest, tmp_path / "again")
    run_tiny(tone_manifest, tmp_path / "other", "seed=11")
    first = encoder_hash(load_encoder(undisturbed / "encoder"))
    assert encoder_hash(load_encoder(tmp_path / "again" / "encoder")) == first
    assert encoder_hash(load_encoder(tmp_path / "other" / "encoder")) != first


def tiny_command(tone_manifest, run, *overrides):
    """In processes of their own: libraries that other tests load change a process's arithmetic."""
    manifest = run.parent / "m.parquet"
    write_manifest(tone_manifest, manifest)
    command = [sys.executable, "-m", "timbrespace", "train", "small", "--out", str(run)]
    return [*command, "--manifest", str(manifest), "--set", *TINY, *overrides]


def wait_for_checkpoint(process, run):
    while not (run / "checkpoints" / "last.ckpt").is_file():
        assert process.poll() is None, "finished before it could be stopped"
        time.sleep(0.002)


def test_a_run_that_is_killed_goes_on_to_the_same_weights(tone_manifest, tmp_path):
    run, undisturbed = tmp_path / "run", tmp_path / "undisturbed"
    command = tiny_command(tone_manifest, run)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for_checkpoint(process, run)
    process.send_signal(signal.SIGKILL)
    process.wait()
    step = torch.load(run / "checkpoints" / "last.ckpt", weights_only=True)["global_step"]
    assert 0 < step < 40
    assert not (run / "encoder").exists()
    subprocess.run([*command, "--resume"], check=True, capture_output=True)
    subprocess.run(tiny_command(tone_manifest, undisturbed), check=True, capture_output=True)
    resumed, whole = load_encoder(run / "encoder"), load_encoder(undisturbed / "encoder")
    for name, value in whole.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], value), name
    assert metrics_of(run) == metrics_of(undisturbed)


def test_a_finished_run_is_left_as_it_is(tone_manifest, undisturbed):
    before = encoder_hash(load_encoder(undisturbed / "encoder"))
    run_tiny(tone_manifest, undisturbed, resume=True)
    assert encoder_hash(load_encoder(undisturbed / "encoder")) == before
    assert len(metrics_of(undisturbed)) == 4


def test_an_old_run_is_not_overwritten_nor_mixed_with_other_settings(undisturbed):
    with pytest.raises(ConfigError, match="holds a run; add --resume"):
        open_run(undisturbed, tiny_recipe(), resume=False)
    with pytest.raises(ConfigError, match="started with other settings"):
        open_run(undisturbed, tiny_recipe("seed=12"), resume=True)


def test_a_run_that_never_reached_a_checkpoint_may_start_anew(tone_manifest, tmp_path):
    with pytest.raises(ConfigError, match="at least 2 instruments"):
        run_tiny(tone_manifest.slice(0, 12), tmp_path / "a" / "run")
    (tmp_path / "b").mkdir()
    open_run(tmp_path / "a" / "run", tiny_recipe("seed=12"), resume=False)
    with pytest.raises(ConfigError, match="holds no run to go on with"):
        open_run(tmp_path / "b", tiny_recipe(), resume=True)


def test_a_run_does_not_go_on_with_other_sounds(tone_manifest, tmp_path):
    run_tiny(tone_manifest, tmp_path / "run", "schedule.steps=5")
    with pytest.raises(ConfigError, match="started on other sounds"), Progress(disable=True) as bar:
        train(
            tiny_recipe("schedule.steps=5"),
            tone_manifest.slice(2),
            tmp_path / "run",
            notes=tmp_path / "other-notes",
            name="tiny",
            progress=bar,
        )


def test_an_encoder_may_start_from_another_and_its_heads_are_new(
    tone_manifest, undisturbed, tmp_path
):
    three = tone_manifest.filter(pa.compute.not_equal(tone_manifest["instrument"], "tone-0"))
    options = ("schedule.steps=1", "schedule.learning_rate=1e-9", "schedule.warmup=0.0")
    (tmp_path / "a").mkdir()
    run_tiny(three, tmp_path / "a" / "tuned", *options, source=undisturbed / "encoder")
    tuned, source = (
        dict(load_encoder(folder / "encoder").named_parameters())
        for folder in (tmp_path / "a" / "tuned", undisturbed)
    )
    for name, value in source.items():
        torch.testing.assert_close(tuned[name], value, rtol=0, atol=1e-7)  # one step of 1e-9
    (tmp_path / "b").mkdir()
    with pytest.raises(ConfigError, match="do not fit the recipe's encoder"):
        run_tiny(
            three,
            tmp_path / "b" / "other",
            "encoder.embedding_size=8",
            source=undisturbed / "encoder",
        )


def test_two_runs_in_one_folder_are_refused(tone_manifest, tmp_path):
    (tmp_path / "run").mkdir()
    with (
        exclusive(tmp_path / "run" / ".lock", work="training"),
        pytest.raises(InputError, match="another process is training"),
    ):
        run_tiny(tone_manifest, tmp_path / "run")


def test_rows_of_split_train_are_taken_or_all_without_splits(tone_manifest):
    assert training_rows(tone_manifest).num_rows == 48
    index = tone_manifest.schema.get_field_index("split")
    unsplit = tone_manifest.set_column(index, "split", pa.nulls(72, pa.string()))
    assert training_rows(unsplit).num_rows == 72
    with pytest.raises(InputError, match="no row to train on: 24 rows"):
        training_rows(tone_manifest.slice(48))


def test_one_instrument_is_not_enough(tone_manifest, tmp_path):
    with pytest.raises(ConfigError, match="at least 2 instruments, the manifest has 1"):
        run_tiny(tone_manifest.slice(0, 12), tmp_path / "run")


def test_kinds_are_learned_and_effects_are_seeded(tone_manifest, tmp_path):
    """Two instruments of one kind; the task is told from the instrument's by its classes."""
    kinds = [f"kind-{name[-1] in '01'}" for name in tone_manifest["instrument"].to_pylist()]
    index = tone_manifest.schema.get_field_index("kind")
    manifest = tone_manifest.set_column(index, "kind", pa.array(kinds))
    head = "{class_path: AdditiveAngularMargin, init_args: {margin: 0.1, scale: 20}}"
    options = [f"kind_head={head}", "instrument_head=null", "family_head=null"]
    options += ["augmentation.equaliser=0.5", "augmentation.dynamics=0.5", "schedule.steps=20"]
    for run in ("one", "other"):
        (tmp_path / run).mkdir()
        run_tiny(manifest, tmp_path / run / "run", *options)
    classes = json.loads((tmp_path / "one" / "run" / "classes.json").read_text())
    assert classes["kind"] == ["kind-False", "kind-True"]
    assert "kind_accuracy" in metrics_of(tmp_path / "one" / "run")[0]
    one, other = (load_encoder(tmp_path / run / "run" / "encoder") for run in ("one", "other"))
    assert encoder_hash(one) == encoder_hash(other)


def test_a_task_without_classes_is_refused(tone_manifest, tmp_path):
    with pytest.raises(ConfigError, match="kind_head needs sounds of at least 2 classes"):
        run_tiny(tone_manifest, tmp_path / "run", "kind_head={class_path: Softmax}")


def test_a_name_that_cannot_be_kept_is_refused_before_training(tone_manifest, tmp_path):
    with pytest.raises(ConfigError, match="name"), Progress(disable=True) as bar:
        train(
            tiny_recipe(),
            tone_manifest,
            tmp_path / "run",
            notes=tmp_path / "notes",
            name="",
            progress=bar,
        )
    assert not (tmp_path / "notes").exists()


def test_a_refit_changes_the_last_layer_only_and_is_the_same_again(tone_manifest, tmp_path):
    encoders = {}
    refit = "refit={batches: 8, regularisation: 0.3}"
    for run, options in {"plain": (), "one": (refit,), "other": (refit,)}.items():
        (tmp_path / run).mkdir()
        run_tiny(tone_manifest, tmp_path / run / "run", *options)
        encoders[run] = load_encoder(tmp_path / run / "run" / "encoder")
    assert encoder_hash(encoders["one"]) == encoder_hash(encoders["other"])
    plain, refitted = (encoders[run].state_dict() for run in ("plain", "one"))
    changed = {name for name in plain if not torch.equal(plain[name], refitted[name])}
    assert {name.split(".")[0] for name in changed} == {"embedding", "normalisation"}
    run_tiny(tone_manifest, tmp_path / "one" / "run", refit, resume=True)  # the run has ended
    again = load_encoder(tmp_path / "one" / "run" / "encoder")
    assert encoder_hash(again) == encoder_hash(encoders["one"])


def test_after_a_refit_the_instruments_lie_beside_the_encoder(tone_manifest, undisturbed, tmp_path):
    run_tiny(tone_manifest, tmp_path / "run", "refit={batches: 8, regularisation: 0.3}")
    folder = tmp_path / "run" / "encoder"
    cohort, encoder = read_embeddings(folder / "cohort.parquet"), load_encoder(folder)
    assert encoder_of(cohort) == ("tiny", encoder_hash(encoder))
    assert cohort["instrument"].to_pylist() == ["tone-0", "tone-1", "tone-2", "tone-3"]
    assert not (undisturbed / "encoder" / "cohort.parquet").exists()
    (folder / "cohort.parquet").unlink()
    with Progress(disable=True) as progress:
        write_cohort(folder, tone_manifest, notes=tmp_path / "notes", progress=progress)
    again = read_embeddings(folder / "cohort.parquet")
    assert again.drop(["embedding"]).equals(cohort.drop(["embedding"]))
    cosines = (vectors_of(again) * vectors_of(cohort)).sum(axis=1)
    lengths = np.linalg.norm([vectors_of(again), vectors_of(cohort)], axis=2).prod(axis=0)
    assert (cosines > 0.999 * lengths).all()  # bfloat16 where that is quickest
