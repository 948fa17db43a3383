"""What points can be coloured and filtered by.

Comes in: a library and its points. Goes out: one value for each point: numbers, or the code of a
category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.explorer.points import Points
from timbrespace.library import Library

NO_CATEGORY = 65_535

Codes = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: in addresses, and in the library where it has such a column.
        label: on the page.
        unit: of numbers; empty if there is none.
        kind: how it is coloured.
        scale: of numbers.
    """

    name: str
    label: str
    unit: str
    kind: Literal["categorical", "continuous"]
    scale: Literal["linear", "log", "pitch"] = "linear"


COLUMNS = {
    column.name: column
    for column in (
        Column("instrument", "Instrument", "", "categorical"),
        Column("family", "Family", "", "categorical"),
        Column("source", "Source", "", "categorical"),
        Column("folder", "Folder", "", "categorical"),
        Column("cluster", "Cluster", "", "categorical"),
        Column("tag", "Tag", "", "categorical"),
        Column("pitch_midi", "Pitch", "", "continuous", "pitch"),
        Column("velocity", "Velocity", "", "continuous"),
        Column("duration_s", "Duration", "s", "continuous", "log"),
        Column("brightness_hz", "Brightness", "Hz", "continuous", "log"),
        Column("loudness_lufs", "Loudness", "LUFS", "continuous"),
        Column("noisiness", "Noisiness", "", "continuous"),
        Column("attack_s", "Attack", "s", "continuous", "log"),
        Column("favourite", "Favourite", "", "continuous"),
    )
}
CHANGING = ("tag", "favourite")
"""Columns that people change while they look."""


@dataclass(frozen=True)
class Categories:
    """A categorical column.

    Attributes:
        values: the categories, the commonest first.
        codes: index into `values` for each point, `NO_CATEGORY` where there is none; (n,).
    """

    values: list[str]
    codes: Codes


def numbers(name: str, library: Library, points: Points) -> Numbers:
    """A continuous column; (n,), NaN where a value is unknown."""
    table = _at_points(library.rows(["id", name], order="id"), points)
    return np.asarray(table[name].cast(pa.float32()).to_numpy(zero_copy_only=False), np.float32)


def categories(name: str, library: Library, points: Points) -> Categories:
    """A categorical column but for clusters, which need vectors.

    A sound with several tags stands under all of them together: "bright, short".
    """
    if name == "folder":
        return Categories(points.folder_names, points.folders)
    if name == "tag":
        return encoded(_joined_tags(library, points))
    return encoded(_at_points(library.rows(["id", name], order="id"), points)[name].to_pylist())


def encoded(values: Sequence[str | None]) -> Categories:
    """Names as codes; the commonest name is 0, None has no category.

    Example:
        >>> found = encoded(["oboe", "harp", None, "harp"])
        >>> found.values, found.codes.tolist()
        (['harp', 'oboe'], [1, 0, 65535, 0])
    """
    counts = Counter(value for value in values if value is not None)
    names = sorted(counts, key=lambda name: (-counts[name], name))[:NO_CATEGORY]
    codes = {name: code for code, name in enumerate(names)}
    found = [NO_CATEGORY if value is None else codes.get(value, NO_CATEGORY) for value in values]
    return Categories(names, np.array(found, np.uint16))


def _joined_tags(library: Library, points: Points) -> list[str | None]:
    tags = _at_points(library.rows(["id", "tags"], order="id"), points)["tags"].to_pylist()
    return [", ".join(sorted(of_one)) if of_one else None for of_one in tags]


def _at_points(table: pa.Table, points: Points) -> pa.Table:
    """The rows of the points, in their order, nulls for a sound that has gone meanwhile."""
    ids = table["id"].to_numpy()
    if np.array_equal(ids, points.ids):
        return table
    return table.take(pa.array(np.searchsorted(ids, points.ids), mask=~np.isin(points.ids, ids)))
