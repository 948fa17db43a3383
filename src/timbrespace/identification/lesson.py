"""What there is to learn: rows of a table, the class of each, and which belong together.

Comes in: a manifest or an embeddings table. Goes out: a `Lesson`, and why other rows are no part of
it. A class needs three sounds, in two groups.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.errors import ConfigError, InputError
from timbrespace.identification.folds import Codes
from timbrespace.manifest import SPLITS

FOLDER = "folder"
"""Name of the groups that are the folders in which files lie."""

_FEWEST_SOUNDS, _FEWEST_GROUPS = 3, 2


@dataclass(frozen=True)
class Lesson:
    """Sounds to learn from.

    Attributes:
        label: the column that is told.
        names: names of the classes.
        rows: the manifest's or table's rows that take part.
        classes: class of each row, a place in `names`; (n,).
        groups: group of each row; rows of a group are held out together; (n,).
        grouped_by: what the groups are, None if each sound is its own.
        judged: whether a row counts when settings are chosen and judged; (n,).
    """

    label: str
    names: tuple[str, ...]
    rows: pa.Table
    classes: Codes
    groups: Codes
    grouped_by: str | None
    judged: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """How many sounds there are."""
        return self.classes.size


def lesson_of(
    table: pa.Table,
    *,
    label: str = "instrument",
    groups: str | None = None,
    judge_splits: Collection[str] = (),
    max_sounds: int = 30_000,
    seed: int = 0,
) -> tuple[Lesson, list[str]]:
    """The lesson of a table.

    Args:
        table: the manifest's columns, with or without embeddings.
        label: column that names the classes; rows without are left out.
        groups: column (or "folder", where a file lies) whose equal values are held out together.
            None takes the instrument where something else is told, else each sound by itself.
        judge_splits: splits whose sounds choose and judge; none takes all. Sounds that the encoder
            was trained on make it look better than it is.
        max_sounds: of more sounds so many are drawn, as evenly from all groups as they allow.
        seed: of that draw.

    Returns:
        The lesson, and one line for each class that is left out.

    Raises:
        ConfigError: there is no such column or split, or `max_sounds` is below 1.
        InputError: fewer than two classes have what they need; the message says of each why.
    """
    if max_sounds < 1:
        raise ConfigError(f"max_sounds must be at least 1, got {max_sounds}.")
    strange = set(judge_splits) - set(SPLITS)
    if strange:
        raise ConfigError(f"splits are {list(SPLITS)}, got {sorted(strange)}.")
    named = table.filter(pc.is_valid(text_column(table, label)))
    groups = groups or usual_groups(named, label)
    kept, problems = _large_enough(named, label, groups)
    kept = kept.take(pa.array(_drawn(_codes(group_names(kept, groups))[1], max_sounds, seed)))
    names, classes = _codes(kept[label].to_pylist())
    in_split = [not judge_splits or split in judge_splits for split in kept["split"].to_pylist()]
    lesson = Lesson(
        label=label,
        names=tuple(names),
        rows=kept,
        classes=classes,
        groups=_codes(group_names(kept, groups))[1],
        grouped_by=groups,
        judged=np.array(in_split),
    )
    return lesson, problems


def text_column(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column of texts.

    Raises:
        ConfigError: there is no such column, or it holds something else.
    """
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    if name not in texts:
        raise ConfigError(f"no column {name!r} to tell or group by; there are {texts}.")
    return table[name]


def usual_groups(table: pa.Table, label: str) -> str | None:
    """The instrument, where something else is told and any is known; else no column."""
    known = label != "instrument" and table["instrument"].null_count < table.num_rows
    return "instrument" if known else None


def group_names(table: pa.Table, groups: str | None) -> list[str]:
    """Name of each row's group; a row whose group is not known is its own."""
    ids: list[str] = table["id"].to_pylist()
    if groups is None:
        return ids
    if groups == FOLDER:
        return [str(Path(path).parent) for path in table["path"].to_pylist()]
    found = text_column(table, groups).to_pylist()
    return [f"row {key}" if name is None else name for key, name in zip(ids, found, strict=True)]


def _large_enough(table: pa.Table, label: str, groups: str | None) -> tuple[pa.Table, list[str]]:
    """The rows of classes that have enough sounds and groups, and a line for each that has not."""
    members: dict[str, list[str]] = {}
    for name, group in zip(table[label].to_pylist(), group_names(table, groups), strict=True):
        members.setdefault(name, []).append(group)
    problems = {name: fault for name in sorted(members) if (fault := _fault(members[name], groups))}
    n_left = len(members) - len(problems)
    if n_left < 2:
        reasons = _reasons(problems) or "name more classes"
        raise InputError(f"two classes are needed to tell apart, there are {n_left}: {reasons}.")
    rows = [name not in problems for name in table[label].to_pylist()]
    return table.filter(pa.array(rows)), [
        f"class {name!r}: {fault}" for name, fault in problems.items()
    ]


def _fault(groups_of_sounds: list[str], groups: str | None) -> str | None:
    n_sounds, n_groups = len(groups_of_sounds), len(set(groups_of_sounds))
    if n_sounds < _FEWEST_SOUNDS:
        return f"has {n_sounds} sounds, {_FEWEST_SOUNDS} are needed"
    if n_groups < _FEWEST_GROUPS:
        return f"all its sounds are of one {groups}, {_FEWEST_GROUPS} are needed"
    return None


def _reasons(problems: Mapping[str, str]) -> str:
    shown = [f"{name!r} {fault}" for name, fault in list(problems.items())[:5]]
    return "; ".join(shown + ["…"] * (len(problems) > 5))


def _drawn(groups: Codes, n_most: int, seed: int) -> Codes:
    """Row numbers, rising: a sound of every group, a second one of every group …, at random."""
    order = np.random.default_rng(seed).permutation(groups.size)
    by_group = order[np.argsort(groups[order], kind="stable")]
    counts = np.bincount(groups)
    turn = np.arange(groups.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(by_group[np.argsort(turn, kind="stable")[:n_most]])


def _codes(names: list[str]) -> tuple[list[str], Codes]:
    unique, codes = np.unique(np.array(names), return_inverse=True)
    return unique.tolist(), codes
