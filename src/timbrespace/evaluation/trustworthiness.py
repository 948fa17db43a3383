"""How far a map's picture can be believed.

Comes in: the same points in truth and on the map. Goes out: a rate, 1 is best.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError

_BLOCK_DISTANCES = 1 << 23

Points = npt.NDArray[np.float64]


def trustworthiness(original: npt.ArrayLike, placed: npt.ArrayLike, *, neighbours: int) -> float:
    """How far neighbours on a map are neighbours in truth; 1: all, about 0.5: a random map.

    T = 1 - 2 / (n k (2 n - 3 k - 1)) * sum over the k nearest on the map of max(0, rank - k),
    where rank is their place among the nearest in truth. With the arguments exchanged it is the
    continuity: how far true neighbours are still neighbours on the map. Distances are Euclidean;
    they are computed in blocks, so that memory stays flat.

    Args:
        original: (points, dimensions).
        placed: the same points on the map; (points, dimensions of the map).
        neighbours: k, at least 1 and less than half the points.

    Raises:
        InputError: the arrays are not two tables of as many rows, or hold NaN or infinity.
        ConfigError: `neighbours` is out of range.

    Example:
        >>> trustworthiness([[0], [1], [2], [3]], [[0], [10], [20], [30]], neighbours=1)
        1.0

    Source: Venna & Kaski 2006, "Local multidimensional scaling",
    doi:10.1016/j.neunet.2006.05.014.
    """
    truth, shown = (np.asarray(points, dtype=np.float64) for points in (original, placed))
    if truth.ndim != 2 or shown.ndim != 2 or len(truth) != len(shown):
        raise InputError(
            f"a map is judged by two tables of as many rows; got {truth.shape}, {shown.shape}."
        )
    if not (np.isfinite(truth).all() and np.isfinite(shown).all()):
        raise InputError("a map is judged by finite numbers; found NaN or infinity.")
    n_points = len(truth)
    if not 1 <= neighbours < n_points / 2:
        raise ConfigError(
            f"neighbours must be from 1 to less than half of {n_points} points, got {neighbours}."
        )
    step = max(1, _BLOCK_DISTANCES // n_points)
    blocks = [range(n_points)[start : start + step] for start in range(0, n_points, step)]
    excess = sum(_excess_ranks(truth, shown, block, neighbours) for block in blocks)
    return 1 - 2 * excess / (n_points * neighbours * (2 * n_points - 3 * neighbours - 1))


def _excess_ranks(truth: Points, shown: Points, rows: range, neighbours: int) -> int:
    """Sum of how far beyond the k nearest in truth the k nearest on the map lie."""
    nearest = np.argpartition(_distances(shown, rows), neighbours - 1)[:, :neighbours]
    distance = _distances(truth, rows)
    excess = 0
    for place in nearest.T:
        nearer = distance < np.take_along_axis(distance, place[:, None], axis=1)
        excess += int(np.maximum(nearer.sum(axis=1) + 1 - neighbours, 0).sum())
    return excess


def _distances(points: Points, rows: range) -> Points:
    """Squared distance from some points to all, infinite to themselves."""
    squares = np.einsum("nd,nd->n", points, points)
    block = points[rows.start : rows.stop]
    cross = block @ points.T
    distance: Points = squares - 2 * cross + squares[rows.start : rows.stop, None]
    distance[np.arange(len(block)), rows] = np.inf
    return distance
