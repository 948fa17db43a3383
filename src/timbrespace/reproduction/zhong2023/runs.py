"""Every row pre-trained, fine-tuned and judged; what is there is not made again.

Comes in: a request. Goes out: `pretraining/RECIPE-SEED/` and `runs/ROW-SEED[-PERCENT]/`. A run is
finished when its tagger lies there; one that is not goes on from its checkpoint.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import torch
from rich.progress import Progress

from timbrespace.corpora import get_corpus
from timbrespace.errors import InputError
from timbrespace.manifest import read_manifest
from timbrespace.models import Trunk, encoder_hash, load_encoder, quickest_precision
from timbrespace.models.folders import CONFIG
from timbrespace.models.speed import quickest_device
from timbrespace.reproduction.zhong2023.paper import ROWS
from timbrespace.reproduction.zhong2023.plan import Request, RunKey
from timbrespace.tagging.excerpts import Excerpts, open_excerpts
from timbrespace.tagging.run import Start, train_tagger
from timbrespace.training import open_run, train
from timbrespace.training.run import training_rows

RATE_HZ = 16_000
MANIFEST = "manifest.parquet"


def check_notes(request: Request) -> None:
    """Whether there are notes to train on, before anything is done.

    Raises:
        InputError: the manifest of notes cannot be read, or holds none to train on.
    """
    if request.notes:
        training_rows(read_manifest(Path(request.notes)))


def read_excerpts(request: Request, folder: Path, progress: Progress) -> tuple[Excerpts, list[str]]:
    """The labelled excerpts, packed, and a line for each that cannot be used.

    Raises:
        InputError: there are none, or none to choose thresholds on or to test.
    """
    place, problems = Path(request.excerpts), []
    if request.is_irmas:
        scan = get_corpus("irmas").scan(place)
        manifest, problems = scan.manifest, [str(problem) for problem in scan.problems]
    else:
        manifest = read_manifest(place / MANIFEST if place.is_dir() else place)
    _check_splits(manifest.filter(pc.is_valid(manifest["labels"])), place)
    excerpts = open_excerpts(
        manifest, folder / "excerpts", sample_rate_hz=RATE_HZ, progress=progress
    )
    _check_splits(excerpts.rows, place)
    return excerpts, problems + excerpts.store.problems


def finish_runs(
    request: Request, excerpts: Excerpts, folder: Path, progress: Progress
) -> list[str]:
    """Pre-train and fine-tune what is not finished.

    Returns:
        One line for each note that could not be read.

    Raises:
        InputError: there are no notes to train on.
        ConfigError: a setting does not fit, or a run was started with other settings.
    """
    whole = progress.add_task("runs", total=len(request.runs), note="")
    problems: dict[str, None] = {}
    for key in request.runs:
        progress.update(whole, note=key.name)
        if not (run_folder(folder, key) / "tagger" / CONFIG).is_file():
            start, found = _start(request, key, folder, progress)
            problems |= dict.fromkeys(found)
            train_tagger(
                excerpts,
                start,
                run_folder(folder, key),
                request.fine_tuning(key),
                name=key.name,
                progress=progress,
            )
        for task in set(progress.task_ids) - {whole}:
            progress.remove_task(task)
        progress.advance(whole)
    return list(problems)


def run_folder(folder: Path, key: RunKey) -> Path:
    """Where a run is kept."""
    return folder / "runs" / key.name


def _check_splits(labelled: pa.Table, place: Path) -> None:
    present = set(labelled["split"].to_pylist())
    missing = [split for split in ("train", "valid", "test") if split not in present]
    if missing:
        raise InputError(f"{place}: no labelled excerpt is in split {', '.join(missing)}.")


def _start(
    request: Request, key: RunKey, folder: Path, progress: Progress
) -> tuple[Start, list[str]]:
    """Where a run starts from, after its pre-training."""
    row, problems = ROWS[key.row], list[str]()
    if row.recipe is None:
        encoder = load_encoder()
        origin = f"{encoder.name} {encoder_hash(encoder)}"
    elif row.pretrained:
        run = folder / "pretraining" / f"{row.recipe}-{key.seed}"
        problems = _pretrain(request, row.recipe, key.seed, run, progress)
        encoder = load_encoder(run / "encoder")
        origin = f"{row.recipe} {encoder_hash(encoder)}"
    else:
        encoder = request.pretraining(row.recipe, key.seed).encoder
        origin = f"random {row.recipe}"
    return Start(_quick(encoder), origin), problems


def _pretrain(
    request: Request, recipe_name: str, seed: int, run: Path, progress: Progress
) -> list[str]:
    if (run / "encoder" / CONFIG).is_file():
        return []
    recipe = request.pretraining(recipe_name, seed)
    _quick(recipe.encoder)
    notes = Path(request.notes)
    open_run(run, recipe, resume=(run / "recipe.yaml").is_file())
    return train(
        recipe,
        read_manifest(notes),
        run,
        notes=notes.with_suffix(".notes"),
        name=f"{recipe_name}-{seed}",
        progress=progress,
    )


def _quick(trunk: Trunk) -> Trunk:
    """The trunk, to be trained in the precision that is quickest here."""
    device: torch.device = quickest_device()
    trunk.precision = quickest_precision(device)
    return trunk
