"""Does one tagger decide better than another, or was it lucky with these sounds?

Comes in: decisions of both on the same sounds, a run each seed. Goes out: the difference of their
micro F1, and an interval. Sounds are drawn anew in groups, as excerpts of one song are no
independent evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """By how much the first is better.

    Attributes:
        mean: difference of the mean micro F1 over runs.
        low: below it lie 2.5 % of the differences on sounds drawn anew.
        high: above it lie 2.5 %.
    """

    mean: float
    low: float
    high: float

    @property
    def is_significant(self) -> bool:
        """Whether 0 lies outside."""
        return self.low > 0 or self.high < 0


def f1_difference(
    truth: Flags,
    first: Flags,
    second: Flags,
    *,
    known: Flags,
    groups: npt.ArrayLike,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Difference:
    """Difference of micro F1, first minus second.

    Args:
        truth: (sounds, tags).
        first: decisions of each run; (runs, sounds, tags).
        second: decisions of each run; (runs, sounds, tags), the number of runs may differ.
        known: where the truth is known; (sounds, tags).
        groups: of each sound, drawn as one; (sounds,).
        n_resamples: draws.
        seed: of the draws.

    Raises:
        InputError: shapes differ.

    Source: Efron & Tibshirani 1993, "An introduction to the bootstrap", chapter 13 (percentiles).
    """
    if not truth.shape == known.shape == first.shape[1:] == second.shape[1:]:
        raise InputError(
            f"truth {truth.shape}, mask {known.shape} and the decisions {first.shape} and "
            f"{second.shape} must be of the same sounds and tags."
        )
    _, codes = np.unique(np.asarray(groups), return_inverse=True)
    n_groups = int(codes.max()) + 1
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), n_resamples)
    weights = np.concatenate([np.ones((1, n_groups)), draws])
    differences = _f1(truth, first, known, codes, weights) - _f1(
        truth, second, known, codes, weights
    )
    low, high = np.percentile(differences[1:], [2.5, 97.5])
    return Difference(float(differences[0]), float(low), float(high))


def _f1(
    truth: Flags, said: Flags, known: Flags, codes: npt.NDArray[np.intp], weights: Counts
) -> Counts:
    """Mean micro F1 of the runs for each weighing of the groups; (draws,)."""
    n_groups = weights.shape[1]
    scores = np.zeros(len(weights))
    for run in said & known:
        hits = np.bincount(codes, (run & truth).sum(1), n_groups)
        total = np.bincount(codes, run.sum(1) + (truth & known).sum(1), n_groups)
        scores += 2 * (weights @ hits) / np.maximum(weights @ total, 1)
    return scores / len(said)
