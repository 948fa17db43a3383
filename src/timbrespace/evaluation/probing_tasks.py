"""What probes ask of an embedding: the tasks, and the notes that each can be asked on.

Comes in: a table with the manifest's columns. Goes out: row numbers with a class and a group each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.labels import Labels
from timbrespace.evaluation.probing_splits import Rows

Protocol = Literal["grouped", "stratified"]

MIN_NOTES = 10
MIN_GROUPS = 3


@dataclass(frozen=True, kw_only=True)
class Task:
    """Notes of one task.

    Attributes:
        name: key of `TASKS`.
        rows: row of each note in the table; (notes,).
        classes: class of each note; (notes,).
        groups: what a split must not part; (notes,).
        left_out: classes with too few notes or groups.
    """

    name: str
    rows: Rows
    classes: Labels
    groups: Labels
    left_out: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """Classes by their notes, what guessing evenly gets right, and what was left out."""
        names, counts = np.unique(self.classes, return_counts=True)
        return {
            "classes": dict(zip(names.tolist(), counts.tolist(), strict=True)),
            "chance": 1 / names.size,
            "n_groups": np.unique(self.groups).size,
            "left_out": list(self.left_out),
        }


def probing_task(
    table: pa.Table, name: str, *, protocol: Protocol, max_notes: int, seed: int
) -> Task:
    """The notes of `table` whose class is known and frequent enough to be learned and tested.

    Args:
        table: the manifest's columns.
        name: one of `TASKS`.
        protocol: "grouped" keeps the notes of an instrument together, "stratified" does not.
        max_notes: of more notes, so many are drawn.
        seed: of the draw.

    Raises:
        ConfigError: the task is unknown.
        InputError: fewer than two classes have 10 notes and, if grouped, 3 instruments.
    """
    if name not in TASKS:
        raise ConfigError(f"no probing task {name!r}; tasks are {', '.join(TASKS)}.")
    labels = TASKS[name](table)
    known = pc.is_valid(labels)
    if protocol == "grouped":
        known = pc.and_(known, pc.is_valid(table["instrument"]))
    rows = np.flatnonzero(known.to_numpy())
    if rows.size > max_notes:
        rows = np.sort(np.random.default_rng(seed).choice(rows, max_notes, replace=False))
    classes = np.array(labels.take(rows).to_pylist(), dtype=np.str_)
    groups = rows.astype(np.str_)
    if protocol == "grouped":
        groups = np.array(table["instrument"].take(rows).to_pylist(), dtype=np.str_)
    rare = _rare_classes(classes, groups)
    keep = ~np.isin(classes, rare)
    if np.unique(classes[keep]).size < 2:
        raise InputError(_too_few(classes, rare, protocol))
    return Task(
        name=name, rows=rows[keep], classes=classes[keep], groups=groups[keep], left_out=rare
    )


def _column(table: pa.Table, *, name: str) -> pa.ChunkedArray:
    return table[name].cast(pa.string())


def _octave(table: pa.Table) -> pa.ChunkedArray:
    """Octave of scientific pitch notation: 60 is C4."""
    octave = pc.subtract(pc.divide(table["pitch_midi"], 12), 1)
    return pc.binary_join_element_wise("octave", octave.cast(pa.string()), " ")


def _technique(table: pa.Table, *, families: tuple[str, ...]) -> pa.ChunkedArray:
    within = pc.is_in(table["family"], pa.array(families))
    return pc.if_else(within, table["technique"], pa.scalar(None, pa.string()))


TASKS: Mapping[str, Callable[[pa.Table], pa.ChunkedArray]] = {
    "family": partial(_column, name="family"),
    "source": partial(_column, name="source"),
    "octave": _octave,
    "velocity": partial(_column, name="velocity"),
    "dynamics": partial(_column, name="dynamics"),
    "technique-strings": partial(_technique, families=("string",)),
    "technique-woodwinds": partial(_technique, families=("flute", "reed")),
    "technique-brass": partial(_technique, families=("brass",)),
}


def _rare_classes(classes: Labels, groups: Labels) -> tuple[str, ...]:
    names, n_notes = np.unique(classes, return_counts=True)
    pairs = np.unique(np.stack([classes, groups]), axis=1)
    n_groups = [int((pairs[0] == name).sum()) for name in names]
    return tuple(
        str(name)
        for name, notes, n in zip(names, n_notes, n_groups, strict=True)
        if notes < MIN_NOTES or n < MIN_GROUPS
    )


def _too_few(classes: Labels, rare: tuple[str, ...], protocol: Protocol) -> str:
    if not classes.size:
        return "no note has a label"
    found = np.unique(classes)
    if found.size == 1:
        return f"all notes are of one class, {found[0]}"
    needed = f"{MIN_NOTES} notes" + (
        f" of {MIN_GROUPS} instruments" if protocol == "grouped" else ""
    )
    return f"needs 2 classes of {needed}; {len(rare)} of {found.size} have fewer"
