"""Nearest neighbours of a few sounds among many, and a place between theirs.

Comes in: unit vectors and a matrix that may lie on disk. Goes out: rows and cosines, best first.
The matrix is read in blocks, so that memory holds one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

NEIGHBOURS = 10

_BLOCK_ROWS = 16_384
_BLOCK_QUERIES = 2_048
_SHARPNESS = 0.01  # in cosine: neighbours that much further weigh a third

Ids = npt.NDArray[np.uint32]
Cosines = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


def unit_rows(vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Kept vectors, whose 16 bits have moved them a little, at unit length again; float32."""
    rows = vectors.astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def neighbours_of(
    unit: npt.NDArray[np.floating], matrix: npt.NDArray[np.floating]
) -> tuple[Rows, Cosines]:
    """Rows of the ten nearest of each query, or of all there are, and their cosines.

    Args:
        unit: (queries, values), of unit length.
        matrix: (rows, values), near unit length.

    Returns:
        Rows and cosines; (queries, neighbours) each, best first.
    """
    found = [
        _nearest(np.asarray(unit[first : first + _BLOCK_QUERIES], np.float32), matrix)
        for first in range(0, len(unit), _BLOCK_QUERIES)
    ]
    return np.concatenate([rows for rows, _ in found]), np.concatenate([best for _, best in found])


def weighted_place(places: npt.NDArray[np.float32], cosines: Cosines) -> npt.NDArray[np.float32]:
    """A place between neighbours, near those that are most alike.

    Args:
        places: of the neighbours; (n, neighbours, dimensions).
        cosines: to them, best first; (n, neighbours).

    Example:
        >>> weighted_place(np.array([[[0.0], [1.0]]]), np.array([[1.0, 0.5]])).round(3).tolist()
        [[0.0]]
    """
    weights = np.exp((cosines - cosines[:, :1]) / _SHARPNESS)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("nk,nkd->nd", weights, places), np.float32)


def _nearest(
    queries: npt.NDArray[np.float32], matrix: npt.NDArray[np.floating]
) -> tuple[Rows, Cosines]:
    count = min(NEIGHBOURS, len(matrix))
    rows = np.empty((len(queries), 0), np.int64)
    best = np.empty((len(queries), 0), np.float32)
    for first in range(0, len(matrix), _BLOCK_ROWS):
        cosines = queries @ matrix[first : first + _BLOCK_ROWS].astype(np.float32).T
        here = np.broadcast_to(np.arange(first, first + cosines.shape[1]), cosines.shape)
        best, rows = np.hstack([best, cosines]), np.hstack([rows, here])
        kept = np.argpartition(-best, count - 1, axis=1)[:, :count]
        best, rows = np.take_along_axis(best, kept, axis=1), np.take_along_axis(rows, kept, axis=1)
    order = np.argsort(-best, axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1), np.take_along_axis(best, order, axis=1)
