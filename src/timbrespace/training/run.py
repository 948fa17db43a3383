"""One run: pack the notes, train, keep everything that says how it was done.

Comes in: a manifest and the parts of a recipe. Goes out: a folder

    recipe.yaml      the resolved recipe
    run.json         seed, versions, what was trained on
    classes.json     instruments, kinds and families, by class number (at the first speed)
    metrics.csv      losses and accuracies; tensorboard/ holds the same
    checkpoints/     last.ckpt, for resuming only
    encoder/         model.safetensors and config.json, for use; with refit also cohort.parquet
"""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from rich.progress import Progress

from timbrespace.embeddings import write_embeddings
from timbrespace.errors import ConfigError, InputError
from timbrespace.locks import exclusive
from timbrespace.manifest import FAMILIES
from timbrespace.models import (
    IGNORED,
    Encoder,
    load_encoder,
    on_quickest_device,
    save_encoder,
)
from timbrespace.models.folders import COHORT
from timbrespace.models.limits import check_name
from timbrespace.training.batches import SPEED_TASKS, Batches, Classes
from timbrespace.training.cohort import training_cohort
from timbrespace.training.fitting import CHECKPOINT, fit_in
from timbrespace.training.module import EncoderTraining, Task
from timbrespace.training.recipe import TASKS, HeadFactory, Recipe
from timbrespace.training.refit import refit_last_layer
from timbrespace.training.store import WaveformStore, pack
from timbrespace.versions import code_version


def open_run(folder: Path, recipe: Recipe, *, resume: bool) -> None:
    """Make the run's folder, or check that it may go on.

    Raises:
        ConfigError: the folder holds a checkpoint and `resume` is not given, or it was started
            with other settings; or there is no run to resume.
    """
    file = folder / "recipe.yaml"
    if resume and not file.is_file():
        raise ConfigError(f"{folder} holds no run to go on with; leave out --resume to start one.")
    if (folder / CHECKPOINT).is_file():
        if not resume:
            raise ConfigError(
                f"{folder} holds a run; add --resume to go on, or name another --out."
            )
        if file.read_text() != recipe.resolved:
            raise ConfigError(
                f"{folder} was started with other settings than these; give the same recipe and "
                f"--set, or name another --out. Its settings are in {file}."
            )
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(recipe.resolved)


def train(
    recipe: Recipe,
    manifest: pa.Table,
    folder: Path,
    *,
    notes: Path,
    name: str,
    progress: Progress,
    source: str | Path | None = None,
) -> list[str]:
    """Train to the end of the schedule, going on from the folder's checkpoint if it has one.

    Args:
        recipe: how.
        manifest: what on, see `training_rows`.
        folder: where the run is kept, see `open_run`.
        notes: folder of the packed notes; runs on the same manifest may share it.
        name: the encoder's name, 1 to 100 printable letters.
        progress: shows how far the work is.
        source: encoder to start from, as `load_encoder` takes it; the heads are new in any case.

    Returns:
        One line for each sound that could not be read.

    Raises:
        InputError: there is nothing to train on, or another process writes the same folder.
        ConfigError: the name cannot be kept, a task has fewer than two classes, `source` is another
            kind of encoder, or the folder holds a run on other sounds.
    """
    check_name(name)
    rows = training_rows(manifest)
    if source is not None:
        _start_from(recipe.encoder, source)
    with exclusive(folder / ".lock", work="training"):
        store = _packed(rows, notes, recipe.encoder.sample_rate_hz, progress)
        rows = rows.take(pa.array(store.rows))
        names = _class_names(rows)
        tasks = _tasks(recipe, names)
        classes = {task: _classes(rows[task], names[task]) for task in {"instrument", *tasks}}
        batches = Batches(store, classes, sampling=recipe.sampling, seed=recipe.seed)
        _write_records(recipe, folder, rows, names, name)
        training = EncoderTraining(
            recipe.encoder,
            tasks,
            batches,
            recipe.schedule,
            augmentation=recipe.augmentation,
            seed=recipe.seed,
            mixup=recipe.mixup,
        )
        fit_in(folder, training, checkpoint_every=recipe.checkpoint_every, progress=progress)
        if recipe.refit:
            pooled = training.pooled_examples(recipe.refit.batches)
            refit_last_layer(recipe.encoder, *pooled, regularisation=recipe.refit.regularisation)
        save_encoder(recipe.encoder.eval(), folder / "encoder", name=name)
        if recipe.refit:
            place = folder / "encoder" / COHORT
            _write_cohort(recipe.encoder, store, rows, place, name=name, progress=progress)
    return store.problems


def write_cohort(folder: Path, manifest: pa.Table, *, notes: Path, progress: Progress) -> None:
    """Write cohort.parquet into the folder of a trained encoder, as `train` does after a refit.

    Args:
        folder: of the encoder.
        manifest: what it was trained on, see `training_rows`.
        notes: folder of the packed notes; they are packed if it holds none.
        progress: shows how far the work is.

    Raises:
        InputError: the encoder cannot be read, there is no row to train on, or `notes` holds notes
            of other sounds.
        ConfigError: `config.json` describes no encoder.
    """
    encoder = on_quickest_device(load_encoder(folder))
    rows = training_rows(manifest)
    store = _packed(rows, notes, encoder.sample_rate_hz, progress)
    rows = rows.take(pa.array(store.rows))
    _write_cohort(encoder, store, rows, folder / COHORT, name=encoder.name, progress=progress)


def _write_cohort(
    encoder: Encoder,
    store: WaveformStore,
    rows: pa.Table,
    place: Path,
    *,
    name: str,
    progress: Progress,
) -> None:
    n_instruments = len(pc.unique(rows["instrument"]))
    task = progress.add_task("embedding instruments", total=n_instruments, note="")
    cohort = training_cohort(
        encoder,
        store,
        rows,
        name=name,
        on_progress=lambda done: progress.update(task, completed=done),
    )
    write_embeddings(cohort, place)


def training_rows(manifest: pa.Table) -> pa.Table:
    """The rows to train on: split `train`, or all if no row has a split; with an instrument.

    Raises:
        InputError: none is left.
    """
    named = manifest.filter(pc.is_valid(manifest["instrument"]))
    if named["split"].null_count < named.num_rows:
        named = named.filter(pc.fill_null(pc.equal(named["split"], "train"), False))
    if not named.num_rows:
        raise InputError(
            f"no row to train on: {manifest.num_rows} rows, none with an instrument in split train."
        )
    return named


def _packed(rows: pa.Table, folder: Path, rate: int, progress: Progress) -> WaveformStore:
    task = progress.add_task("reading notes", total=rows.num_rows, note="")
    with exclusive(folder / ".lock", work="packing notes"):
        return pack(
            rows,
            folder,
            sample_rate_hz=rate,
            on_progress=lambda done: progress.update(task, completed=done),
        )


def _start_from(encoder: Encoder, source: str | Path) -> None:
    try:
        encoder.load_state_dict(load_encoder(source).state_dict())
    except RuntimeError as fault:
        raise ConfigError(
            f"{source}: its weights do not fit the recipe's encoder; use the recipe that it was "
            f"trained by ({fault})."
        ) from fault


def _class_names(rows: pa.Table) -> dict[str, list[str]]:
    """The classes of each task, in the order of their numbers."""
    names = {task: sorted(set(rows[task].drop_null().to_pylist())) for task in TASKS}
    n_instruments = len(names["instrument"])
    if n_instruments < 2:
        raise ConfigError(
            f"training needs at least 2 instruments, the manifest has {n_instruments}."
        )
    return names | {"family": list(FAMILIES)}


def _classes(column: pa.ChunkedArray, names: list[str]) -> Classes:
    number = {name: index for index, name in enumerate(names)}
    return np.array([number.get(name, IGNORED) for name in column.to_pylist()], np.int64)


def _tasks(recipe: Recipe, names: dict[str, list[str]]) -> dict[str, Task]:
    size = recipe.encoder.embedding_size
    tasks: dict[str, Task] = {}
    with torch.random.fork_rng():
        torch.manual_seed(recipe.seed)
        for task in TASKS:
            make: HeadFactory | None = getattr(recipe, f"{task}_head")
            if make:
                if len(names[task]) < 2:
                    raise ConfigError(
                        f"{task}_head needs sounds of at least 2 classes in the manifest's column "
                        f"{task!r}, it has {len(names[task])}; set {task}_head=null."
                    )
                n_speeds = len(recipe.sampling.speeds) if task in SPEED_TASKS else 1
                head = make(embedding_size=size, n_classes=n_speeds * len(names[task]))
                tasks[task] = Task(head, getattr(recipe, f"{task}_weight"))
    return tasks


def _write_records(
    recipe: Recipe, folder: Path, rows: pa.Table, names: dict[str, list[str]], name: str
) -> None:
    file = folder / "run.json"
    columns = rows.select(["id", "path", *TASKS]).to_pydict()
    sounds = hashlib.sha256(json.dumps(columns).encode()).hexdigest()
    if (folder / CHECKPOINT).is_file() and json.loads(file.read_text())["sounds"] != sounds:
        raise ConfigError(
            f"{folder} was started on other sounds than this manifest has; give that manifest, or "
            "name another --out."
        )
    record: dict[str, Any] = {
        "name": name,
        "sounds": sounds,
        "seed": recipe.seed,
        "notes": rows.num_rows,
        "instruments": len(names["instrument"]),
        "timbrespace": code_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    file.write_text(json.dumps(record, indent=2) + "\n")
    (folder / "classes.json").write_text(json.dumps(names, indent=2) + "\n")
