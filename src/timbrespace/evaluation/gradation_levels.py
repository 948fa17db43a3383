"""How likeness falls from level to level: one instrument, one kind, one family, none of these.

Comes in: one vector for each sound, and what its instrument is. Goes out: the mean cosine at each
level, from -1 to 1, with an interval over instruments. A graded space falls from each level to the
next; a space that only separates has one high level and three equal ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError
from timbrespace.evaluation.protocols import Codes
from timbrespace.evaluation.vectors import Vectors

LEVELS = (
    "same instrument",
    "same kind, another instrument",
    "same family, another kind",
    "another family",
)

Flags = npt.NDArray[np.bool_]


class Level(NamedTuple):
    """Likeness of two sounds at one level.

    Attributes:
        cosine: mean over pairs of instruments of the mean cosine of their sounds.
        low: lower end of the 95 % interval over instruments drawn with replacement.
        high: upper end.
        n_pairs: pairs of instruments; at the first level, instruments with two sounds or more.
    """

    cosine: float
    low: float
    high: float
    n_pairs: int


def level_cosines(
    unit: Vectors, instruments: Codes, groups: Codes, *, n_resamples: int = 1000, seed: int = 0
) -> tuple[dict[str, Level], float]:
    """Mean cosine at each of `LEVELS` that has a pair.

    A pair of instruments counts as often as both were drawn together; an instrument that was drawn
    twice is no pair with itself.

    Args:
        unit: vectors of length 1; (sounds, dimensions).
        instruments: 0 … n-1, of each sound; (sounds,).
        groups: kind and family of each instrument; (n, 2).
        n_resamples: draws of instruments, 1 or more.
        seed: of the draws.

    Returns:
        The levels, and the share of draws in which each lies below the one before it.

    Raises:
        ConfigError: `n_resamples` is below 1.

    Source: Efron & Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.
    """
    if n_resamples < 1:
        raise ConfigError(f"n_resamples must be at least 1, got {n_resamples}.")
    n = len(groups)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_resamples)
    weights = np.concatenate([np.ones((1, n)), drawn])  # first, every instrument once
    own, others = _mean_cosines(unit, instruments, n)
    kind, family = (column[:, None] == column for column in groups.T)
    apart = ~np.eye(n, dtype=np.bool_)
    means = {LEVELS[0]: _weighted(weights, own, np.bincount(instruments) > 1)}
    for name, pairs in zip(LEVELS[1:], (kind & apart, family & ~kind, ~family), strict=True):
        means[name] = _weighted_pairs(weights, others, pairs)
    there = {name: found for name, found in means.items() if found[1]}
    draws = np.stack([mean[1:] for mean, _ in there.values()])
    levels = {name: _level(mean, n_pairs) for name, (mean, n_pairs) in there.items()}
    return levels, float((np.diff(draws, axis=0) < 0).all(axis=0).mean())


def _level(means: Vectors, n_pairs: int) -> Level:
    low, high = np.nanquantile(means[1:], [0.025, 0.975])
    return Level(float(means[0]), float(low), float(high), n_pairs)


def _mean_cosines(unit: Vectors, instruments: Codes, n: int) -> tuple[Vectors, Vectors]:
    """Mean cosine of an instrument's different sounds, (n,), and of two instruments', (n, n)."""
    counts = np.bincount(instruments, minlength=n)
    sums = np.zeros((n, unit.shape[1]))
    np.add.at(sums, instruments, unit)
    summed = sums @ sums.T
    own = (np.diag(summed) - counts) / np.maximum(counts * (counts - 1), 1)
    return own, summed / np.outer(counts, counts)


def _weighted(weights: Vectors, own: Vectors, there: Flags) -> tuple[Vectors, int]:
    return _ratio(weights @ (own * there), weights @ there), int(there.sum())


def _weighted_pairs(weights: Vectors, cosine: Vectors, pairs: Flags) -> tuple[Vectors, int]:
    total, many = (
        np.einsum("ri,ri->r", weights @ part, weights) for part in (cosine * pairs, 1.0 * pairs)
    )
    return _ratio(total, many), int(pairs.sum()) // 2


def _ratio(total: Vectors, many: Vectors) -> Vectors:
    """Mean of what was drawn, NaN where nothing was; (resamples + 1,)."""
    return np.where(many > 0, total / np.where(many > 0, many, 1), np.nan)
