"""Errors counted at every threshold, and the convex hull of their rates.

Comes in: scores of target and non-target trials, or counts of errors, which may be weighted. Goes
out: counts, or rates from 0 to 1. A trial is accepted when its score is at or above the threshold;
an accepted non-target is a false alarm, a rejected target a miss. Non-targets are counted block by
block, so that a hundred million take no second array and are sorted in the processor's cache.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError

Rates = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]

_BLOCK_SCORES = 1 << 20


class ErrorCounts(NamedTuple):
    """Errors wherever their rates turn, the lowest threshold first.

    Attributes:
        missed: targets rejected, rising from 0 to all; (points,).
        accepted: non-targets accepted, falling from all to 0; (points,).
        threshold: from -inf (accept all) to inf (reject all); (points,).
    """

    missed: Counts
    accepted: Counts
    threshold: Rates


def error_counts(target: npt.ArrayLike, nontarget: npt.ArrayLike) -> ErrorCounts:
    """Count the errors at every threshold that matters.

    Rates turn only at target scores: two points for each of them say all, at that score, where it
    is still accepted, and just above.

    Args:
        target: finite scores of target trials, in any order.
        nontarget: finite scores of non-target trials, in any order.

    Raises:
        InputError: an array is empty, is not one-dimensional, or holds NaN or infinity.

    Example:
        >>> error_counts(target=[0.2, 0.9], nontarget=[0.1, 0.3, 0.5]).missed
        array([0, 0, 1, 1, 2, 2])
    """
    target, nontarget = np.sort(_finite(target, "target")), _finite(nontarget, "nontarget")
    first = np.flatnonzero(np.r_[True, target[1:] != target[:-1]])
    score = target[first]
    rejected = _rejected(nontarget, score).ravel()
    return ErrorCounts(
        missed=np.repeat(np.r_[first, target.size], 2),
        accepted=np.r_[nontarget.size, nontarget.size - rejected, 0],
        threshold=np.r_[
            -np.inf, np.stack([score, np.nextafter(score, np.inf)], axis=1).ravel(), np.inf
        ],
    )


def convex_hull(missed: npt.NDArray[Any], accepted: npt.NDArray[Any]) -> tuple[Rates, Rates]:
    """Vertices of the lower convex hull of the error rates.

    Pooling adjacent violators (isotonic regression) on the share of targets among the trials
    between neighbouring points finds them in linear time.

    Args:
        missed: targets rejected, rising from 0 to all, more than 0; (points,).
        accepted: non-targets accepted, falling from all to 0; (points,).

    Returns:
        p_miss rising from 0 to 1 and p_fa falling from 1 to 0; (vertices,) each.

    Source: Fawcett & Niculescu-Mizil 2007, "PAV and the ROC convex hull",
    doi:10.1007/s10994-007-5011-0.
    """
    from scipy.optimize import isotonic_regression

    targets, nontargets = np.diff(missed), -np.diff(accepted)
    trials = targets + nontargets
    step = np.flatnonzero(trials)
    blocks = isotonic_regression(targets[step] / trials[step], weights=trials[step]).blocks
    vertices = np.r_[0, step + 1][blocks]
    return missed[vertices] / missed[-1], accepted[vertices] / accepted[0]


def equal_error(p_miss: Rates, p_fa: Rates) -> float:
    """Where a hull has as many misses as false alarms.

    Args:
        p_miss: as `convex_hull` gives it.
        p_fa: as `convex_hull` gives it.

    Example:
        >>> equal_error(np.array([0, 0.2, 1]), np.array([1, 0.2, 0]))
        0.2
    """
    return float(np.interp(0.0, p_miss - p_fa, p_miss))


def _rejected(nontarget: Rates, thresholds: Rates) -> Counts:
    """Non-targets below each threshold, and at or below it; (thresholds, 2)."""
    counts = np.zeros((thresholds.size, 2), np.intp)
    for start in range(0, nontarget.size, _BLOCK_SCORES):
        block = np.sort(nontarget[start : start + _BLOCK_SCORES])
        counts[:, 0] += np.searchsorted(block, thresholds, "left")
        counts[:, 1] += np.searchsorted(block, thresholds, "right")
    return counts


def _finite(scores: npt.ArrayLike, name: str) -> Rates:
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise InputError(f"{name} scores must be one non-empty row; got shape {array.shape}.")
    if not (np.isfinite(array.min()) and np.isfinite(array.max())):
        raise InputError(
            f"{name} scores must be finite, found NaN or infinity; is an embedding all zero?"
        )
    return array
