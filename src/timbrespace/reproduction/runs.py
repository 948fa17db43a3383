"""Every run trained, and every test note embedded by it; what is there is not made again.

Comes in: a plan and its manifest. Goes out: `runs/ROW-SEED/` and `embeddings/ROW-SEED.parquet`, and
`embeddings/mfcc.parquet` beside them. A run is finished when its embeddings lie there, which are
written whole or not at all; one that is not goes on from its checkpoint.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from rich.progress import Progress

from timbrespace.embedding import embed_manifest
from timbrespace.embeddings import embeddings_table, read_embeddings, write_embeddings
from timbrespace.errors import InputError
from timbrespace.evaluation import standardise
from timbrespace.evaluation.baseline import mfcc_vectors
from timbrespace.evaluation.tables import labelled_rows, rows_of_split
from timbrespace.models import load_encoder
from timbrespace.reproduction.plan import Plan
from timbrespace.training import open_run, train

BASELINE = "mfcc"
_FEWEST_NOTES = 25  # 5 enrol, 20 test


def unseen_notes(manifest: pa.Table) -> pa.Table:
    """Notes of split test whose instrument is known, in the order of their ids.

    Raises:
        InputError: there are none, or fewer than two instruments have as many as the protocol
            "paper" takes.
    """
    unseen = labelled_rows(rows_of_split(manifest, "test"), "instrument")
    counts = pc.value_counts(unseen["instrument"]).to_pylist()
    n_enough = sum(entry["counts"] >= _FEWEST_NOTES for entry in counts)
    if n_enough < 2:
        raise InputError(
            f"the published protocol needs 2 instruments of {_FEWEST_NOTES} notes or more in split "
            f"test; {n_enough} of {len(counts)} have so many."
        )
    return unseen


def finish_runs(plan: Plan, manifest: pa.Table, folder: Path, progress: Progress) -> list[str]:
    """Train and embed what is not finished.

    Args:
        plan: what is done.
        manifest: notes of split train are trained on, those of split test embedded.
        folder: of the whole reproduction.
        progress: shows how far the work is.

    Returns:
        One line for each sound that could not be read.

    Raises:
        InputError: there are no notes to train on, or none to test.
        ConfigError: the notes do not suit the recipes, or a run was started with other settings.
    """
    unseen = unseen_notes(manifest)
    whole = progress.add_task("runs", total=len(plan.runs) + 1, note="")
    problems: dict[str, None] = {}
    for name in plan.runs:
        progress.update(whole, note=name)
        problems |= dict.fromkeys(_finish_run(plan, name, manifest, unseen, folder, progress))
        for task in set(progress.task_ids) - {whole}:
            progress.remove_task(task)
        progress.advance(whole)
    _embed_baseline(_embeddings_file(folder, next(iter(plan.runs))), folder)
    progress.update(whole, advance=1, note="")
    return list(problems)


def read_results(plan: Plan, folder: Path) -> dict[str, pa.Table]:
    """Embeddings of every finished run and of the baseline, by name; rows in the order of ids.

    Raises:
        InputError: a table is missing or cannot be used.
    """
    return {
        name: read_embeddings(_embeddings_file(folder, name)).sort_by("id")
        for name in [*plan.runs, BASELINE]
    }


def encoder_folder(folder: Path, run: str) -> Path:
    """Where the encoder of a run lies."""
    return folder / "runs" / run / "encoder"


def _finish_run(
    plan: Plan, name: str, manifest: pa.Table, unseen: pa.Table, folder: Path, progress: Progress
) -> list[str]:
    out = _embeddings_file(folder, name)
    if out.is_file():
        return []
    recipe, run = plan.recipe(*plan.runs[name]), folder / "runs" / name
    open_run(run, recipe, resume=(run / "recipe.yaml").is_file())
    problems = train(recipe, manifest, run, notes=folder / "notes", name=name, progress=progress)
    return problems + _embed(encoder_folder(folder, name), unseen, out, progress)


def _embed(encoder_folder: Path, unseen: pa.Table, out: Path, progress: Progress) -> list[str]:
    """In the precision that the encoder was trained in."""
    encoder = load_encoder(encoder_folder).to("cuda" if torch.cuda.is_available() else "cpu")
    task = progress.add_task("embedding", total=unseen.num_rows, note="")
    return embed_manifest(
        unseen, encoder, out, on_progress=lambda done: progress.update(task, completed=done)
    ).problems


def _embed_baseline(like: Path, folder: Path) -> None:
    """MFCC statistics of the notes that encoders could read."""
    out = _embeddings_file(folder, BASELINE)
    if not out.is_file():
        notes = read_embeddings(like)
        vectors = standardise(np.stack(list(mfcc_vectors(notes))))
        table = embeddings_table(
            notes, vectors, encoder_name="MFCC statistics", encoder_hash=BASELINE
        )
        write_embeddings(table, out)


def _embeddings_file(folder: Path, name: str) -> Path:
    return folder / "embeddings" / f"{name}.parquet"
