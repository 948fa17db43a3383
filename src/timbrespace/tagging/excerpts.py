"""Excerpts of music, packed, with the classes that lead in each.

Comes in: a manifest with `labels`. Goes out: `Excerpts`. `labels` are the classes that lead in an
excerpt; `label_mask`, if there is one, says of each class, in the order of the classes, whether it
is known to lead or not. What is not labelled at all is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rich.progress import Progress

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import InputError
from timbrespace.locks import exclusive
from timbrespace.training.store import WaveformStore, pack

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Excerpts:
    """Packed excerpts and what is known of them.

    Attributes:
        store: their waveforms, silence kept.
        rows: manifest rows, in the order of the store.
        classes: names, in the order of the columns.
        truth: whether a class leads; (excerpts, classes).
        known: where that is known; (excerpts, classes).
    """

    store: WaveformStore
    rows: pa.Table
    classes: tuple[str, ...]
    truth: Flags
    known: Flags

    def of_split(self, split: str) -> Rows:
        """Numbers of the excerpts of a split, in order."""
        chosen = pc.fill_null(pc.equal(self.rows["split"], split), False)
        return np.asarray(np.flatnonzero(chosen.to_numpy(zero_copy_only=False)), np.int64)


def open_excerpts(
    manifest: pa.Table,
    folder: Path,
    *,
    sample_rate_hz: int,
    progress: Progress,
    split: str | None = None,
) -> Excerpts:
    """Pack the labelled excerpts of a manifest, or what is left to pack, and open them.

    Args:
        manifest: rows without labels are left out.
        folder: of the packed excerpts.
        sample_rate_hz: rate to resample to.
        progress: shows how far the packing is.
        split: only these; None takes all. The classes are those of all.

    Raises:
        InputError: no row has labels, or none that has is of the split, a mask has another length
            than there are classes, no sound could be read, or the folder holds other sounds.
    """
    rows = manifest.filter(pc.is_valid(manifest["labels"]))
    classes = tag_classes(rows)
    if split is not None:
        rows = _of_split(rows, split)
    task = progress.add_task("reading excerpts", total=rows.num_rows, note="")
    with exclusive(folder / ".lock", work="packing excerpts"):
        store = pack(
            rows,
            folder,
            sample_rate_hz=sample_rate_hz,
            trim=False,
            on_progress=lambda done: progress.update(task, completed=done),
        )
    progress.update(task, completed=rows.num_rows)  # those that were packed before, too
    rows = rows.take(pa.array(store.rows))
    return Excerpts(store, rows, classes, *tag_truth(rows, classes))


def _of_split(rows: pa.Table, split: str) -> pa.Table:
    chosen = rows.filter(pc.equal(rows["split"], split))
    if not chosen.num_rows:
        there = ", ".join(sorted(filter(None, set(rows["split"].to_pylist())))) or "none"
        raise InputError(f"no labelled excerpt is of split {split!r}; there are of {there}.")
    return chosen


def tag_classes(manifest: pa.Table) -> tuple[str, ...]:
    """Names of the classes: those of IRMAS if there are no others, else all that lead, sorted.

    Raises:
        InputError: nothing leads anywhere.
    """
    found = {name for labels in manifest["labels"].to_pylist() for name in labels or ()}
    if not found:
        raise InputError("no row of the manifest has labels, the list of what leads in an excerpt.")
    return IRMAS_CLASSES if found <= set(IRMAS_CLASSES) else tuple(sorted(found))


def tag_truth(manifest: pa.Table, classes: Sequence[str]) -> tuple[Flags, Flags]:
    """Whether each class leads, and where that is known; (rows, classes) each.

    Raises:
        InputError: a label is none of the classes, or a mask has another length.
    """
    number = {name: index for index, name in enumerate(classes)}
    truth = np.zeros((manifest.num_rows, len(classes)), np.bool_)
    known = np.ones_like(truth)
    columns = manifest.select(["id", "labels", "label_mask"]).to_pylist()
    for index, row in enumerate(columns):
        if not set(row["labels"]) <= number.keys():
            raise InputError(f"{row['id']}: labels {row['labels']} are not all of {list(classes)}.")
        truth[index, [number[name] for name in row["labels"]]] = True
        if row["label_mask"] is not None:
            if len(row["label_mask"]) != len(classes):
                raise InputError(
                    f"{row['id']}: label_mask has {len(row['label_mask'])} entries for "
                    f"{len(classes)} classes."
                )
            known[index] = row["label_mask"]
    return truth, known
