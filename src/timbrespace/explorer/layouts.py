"""Maps of the points: kinds, fitting, keeping on disk, and placing what came later.

Comes in: vectors. Goes out: a `Layout`, coordinates in the unit cube. A map is fitted once, on all
sounds or on a sample of very many; other sounds are placed on it and nothing that lies there moves.
Sounds that came later are recognised by what their vectors hold, so a map stays right whatever
happened to the library in between.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from timbrespace.evaluation.pacmap import Progress
from timbrespace.evaluation.projection import Method, principal_coordinates, project
from timbrespace.explorer.neighbours import Ids, neighbours_of, unit_rows, weighted_place

Coordinates = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float16] | npt.NDArray[np.float32]
Marks = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class LayoutKind:
    """One way to lay out.

    Attributes:
        label: what it is called on the page.
        method: as in `timbrespace.evaluation.projection.project`.
        dimensions: of the map.
        most_fitted: sounds that are laid out; of more, the others are placed.
    """

    label: str
    method: Method
    dimensions: Literal[2, 3]
    most_fitted: int


KINDS = {
    "pca3": LayoutKind("PCA 3-D", "pca", 3, 200_000),
    "pca2": LayoutKind("PCA 2-D", "pca", 2, 200_000),
    "pacmap3": LayoutKind("PaCMAP 3-D", "pacmap", 3, 200_000),
    "opentsne2": LayoutKind("t-SNE 2-D", "tsne", 2, 50_000),
}


@dataclass(frozen=True)
class Layout:
    """A finished map.

    Attributes:
        ids: of the sounds on it, rising; (n,).
        marks: what the vector of each holds, as `marks_of` tells; (n,).
        coordinates: in the unit cube, the proportions kept; (n, dimensions).
        n_fitted: sounds that were laid out; the others were placed.
        directions: of PCA, with the offset as last row, (values + 1, dimensions); else empty.
    """

    ids: Ids
    marks: Marks
    coordinates: Coordinates
    n_fitted: int
    directions: npt.NDArray[np.float64]

    def known(self, ids: Ids, marks: Marks) -> npt.NDArray[np.int64]:
        """Row on this map of each sound, -1 for one that is new or has changed."""
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where((self.ids[rows] == ids) & (self.marks[rows] == marks), rows, -1)


def fit(kind: LayoutKind, ids: Ids, vectors: Vectors, *, on_progress: Progress) -> Layout:
    """Lay sounds out.

    Args:
        kind: how.
        ids: of the sounds, rising; (n,).
        vectors: of the sounds; (n, values).
        on_progress: called now and then with the share that is done.

    Raises:
        InputError: there are too few sounds, or all are alike.
        MissingDependencyError: the library that lays out so is not installed.
    """
    chosen = _sample(len(ids), kind.most_fitted)
    fitted = _projected(kind, vectors[chosen], on_progress)
    lowest, highest = fitted.min(axis=0), fitted.max(axis=0)
    scale = 1 / max(float((highest - lowest).max()), 1e-12)
    shift = 0.5 - scale * (lowest + highest) / 2
    places = (scale * fitted + shift).astype(np.float32)
    directions = np.empty((0, kind.dimensions))
    if kind.method == "pca":
        directions = _directions(unit_rows(vectors[chosen]), places)
    coordinates = np.empty((len(ids), kind.dimensions), np.float32)
    coordinates[chosen] = places
    rest = np.setdiff1d(np.arange(len(ids)), chosen, assume_unique=True)
    coordinates[rest] = place(vectors[rest], vectors[chosen], places, directions)
    return Layout(ids, marks_of(vectors), coordinates, len(chosen), directions)


def place(
    vectors: Vectors, on_map: Vectors, coordinates: Coordinates, directions: npt.NDArray[np.float64]
) -> Coordinates:
    """Where further sounds belong on a map that stays as it is; (n, dimensions).

    On a map of PCA, where its directions put them; on others, among their nearest neighbours.

    Args:
        vectors: of the sounds to place; (n, values).
        on_map: of the sounds on the map; (m, values).
        coordinates: of those; (m, dimensions).
        directions: as in `Layout`.
    """
    if not len(vectors):
        return np.empty((0, coordinates.shape[1]), np.float32)
    if len(directions):
        unit = unit_rows(vectors)
        return np.asarray(unit @ directions[:-1] + directions[-1], np.float32)
    rows, cosines = neighbours_of(unit_rows(vectors), on_map)
    return weighted_place(coordinates[rows], cosines)


def marks_of(vectors: Vectors) -> Marks:
    """A number for each vector that tells whether it is the same still; (n,)."""
    words = np.ascontiguousarray(vectors, np.float16).view(np.uint16)
    factors = np.random.default_rng(0x7462).integers(1, 2**63, words.shape[1], np.uint64) | 1
    marks = np.empty(len(words), np.uint64)
    for first in range(0, len(words), 16_384):
        block = words[first : first + 16_384].astype(np.uint64)
        marks[first : first + 16_384] = (block * factors).sum(axis=1)
    return marks


def save_layout(layout: Layout, file: Path) -> None:
    """Write a map, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as handle:
            np.savez(
                handle,
                ids=layout.ids,
                marks=layout.marks,
                coordinates=layout.coordinates,
                n_fitted=np.int64(layout.n_fitted),
                directions=layout.directions,
            )
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def load_layout(file: Path, dimensions: int) -> Layout | None:
    """Read a map; None where there is none, or what is there is broken."""
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as kept:
            layout = Layout(
                kept["ids"],
                kept["marks"],
                kept["coordinates"],
                int(kept["n_fitted"]),
                kept["directions"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    n_sounds = len(layout.ids)
    fits = layout.coordinates.shape == (n_sounds, dimensions) and layout.marks.shape == (n_sounds,)
    return layout if fits and n_sounds else None


def _projected(
    kind: LayoutKind, vectors: Vectors, on_progress: Progress
) -> npt.NDArray[np.float64]:
    if kind.method == "pca":  # as few sounds as there are
        return principal_coordinates(unit_rows(vectors), kind.dimensions)
    return project(vectors, method=kind.method, dimensions=kind.dimensions, on_progress=on_progress)


def _sample(n_sounds: int, most: int) -> npt.NDArray[np.int64]:
    """Rows to lay out: all, or as many as there may be, drawn at random."""
    if n_sounds <= most:
        return np.arange(n_sounds)
    return np.sort(np.random.default_rng(0).choice(n_sounds, most, replace=False))


def _directions(unit: npt.NDArray[np.float32], places: Coordinates) -> npt.NDArray[np.float64]:
    """The affine map that takes vectors to their places; (values + 1, dimensions)."""
    with_one = np.column_stack([unit, np.ones(len(unit))]).astype(np.float64)
    return np.asarray(np.linalg.lstsq(with_one, places.astype(np.float64), rcond=None)[0])
