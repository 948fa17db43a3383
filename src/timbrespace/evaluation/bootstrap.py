"""How far the equal error rate would move with other instruments.

Comes in: scores of every note against every instrument's enrolment. Goes out: equal error rates of
resampled instruments, or an interval from 0 to 0.5. Instruments, not trials, are drawn: trials of
one instrument share its notes, its recording and its player, and are no independent sample.
"""

from __future__ import annotations

import numpy as np

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.hull import Rates, convex_hull, equal_error
from timbrespace.evaluation.protocols import Codes, Scores

_MOST_THRESHOLDS = 512


def eer_interval(
    scores: Scores,
    codes: Codes,
    *,
    level: float = 0.95,
    n_resamples: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile interval of the equal error rate over instruments drawn with replacement.

    Args:
        scores: as in `resampled_eers`.
        codes: as in `resampled_eers`.
        level: share of resamples inside, between 0 and 1.
        n_resamples: draws of instruments.
        seed: of the draws.

    Raises:
        ConfigError: `level` or `n_resamples` is out of range.
        InputError: as `resampled_eers`.
    """
    if not 0 < level < 1:
        raise ConfigError(f"level must lie between 0 and 1, got {level:g}.")
    eers = resampled_eers(scores, codes, n_resamples=n_resamples, seed=seed)
    low, high = np.nanquantile(eers, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def resampled_eers(
    scores: Scores, codes: Codes, *, n_resamples: int = 1000, seed: int = 0
) -> Rates:
    """Equal error rate of each draw of as many instruments, with replacement.

    A target trial counts as often as its instrument was drawn, a non-target trial as often as both
    of its instruments together. Draws of a single instrument have no non-target trials and are
    drawn again. Errors are counted once for each pair of instruments at up to 512 thresholds, so
    time hardly grows with the trials; up to 256 different target scores the rates are exact, with
    more they are right to 1 % of their value.

    Args:
        scores: cosine of each note with each instrument's enrolment, NaN where there is no trial;
            (notes, instruments).
        codes: instrument of each note, a column of `scores`; (notes,).
        n_resamples: draws of instruments.
        seed: of the draws.

    Returns:
        (n_resamples,), each from 0 to 0.5; NaN for a draw of instruments that share no trial, as
        small pools allow.

    Raises:
        ConfigError: `n_resamples` is below 1.
        InputError: shapes do not fit, there are fewer than two instruments, an instrument has no
            target trial, or a score is infinite.

    Source: Poh & Bengio 2007, "Estimating the confidence interval of expected performance curve in
    biometric authentication using joint bootstrap", ICASSP; Efron & Tibshirani 1993, "An
    Introduction to the Bootstrap", chapter 13.
    """
    if n_resamples < 1:
        raise ConfigError(f"n_resamples must be at least 1, got {n_resamples}.")
    target = _checked_targets(scores, codes)
    thresholds = _thresholds(target)
    weights = _weights(scores.shape[1], n_resamples, seed)
    missed, rejected = np.zeros((2, n_resamples, thresholds.size + 2))
    for enrolled, weight in enumerate(weights.T):
        counts = _rejected(scores[:, enrolled], codes, thresholds, n_codes=scores.shape[1])
        missed += weight[:, None] * counts[enrolled]
        counts[enrolled] = 0
        rejected += weight[:, None] * (weights @ counts)
    accepted = rejected[:, -1:] - rejected
    return np.array([_equal_error(*row) for row in zip(missed, accepted, strict=True)])


def _equal_error(missed: Rates, accepted: Rates) -> float:
    return equal_error(*convex_hull(missed, accepted)) if accepted[0] else np.nan


def _thresholds(target: Scores) -> Scores:
    """At and just above target scores; if they are too many, evenly by ratios of misses."""
    score = np.unique(target)
    both = np.stack([score, np.nextafter(score, np.inf)], axis=1).ravel()
    if both.size <= _MOST_THRESHOLDS:
        return both
    return both[np.unique(np.geomspace(1, both.size, _MOST_THRESHOLDS).astype(np.intp)) - 1]


def _rejected(scores: Scores, codes: Codes, thresholds: Scores, *, n_codes: int) -> Scores:
    """Trials of one enrolment below no, each and every threshold; (instruments, thresholds + 2)."""
    there = ~np.isnan(scores)
    n_steps = thresholds.size + 2
    step = 1 + np.searchsorted(thresholds, scores[there], side="right")
    counts = np.bincount(codes[there] * n_steps + step, minlength=n_codes * n_steps)
    return counts.reshape(n_codes, n_steps).cumsum(axis=1).astype(np.float64)


def _weights(n_instruments: int, n_resamples: int, seed: int) -> Rates:
    """How often each instrument was drawn; (resamples, instruments)."""
    rng = np.random.default_rng(seed)
    weights = np.zeros((n_resamples, n_instruments))
    for weight in weights:
        while np.count_nonzero(weight) < 2:
            drawn = rng.integers(n_instruments, size=n_instruments)
            weight[:] = np.bincount(drawn, minlength=n_instruments)
    return weights


def _checked_targets(scores: Scores, codes: Codes) -> Scores:
    if scores.ndim != 2 or scores.shape[1] < 2 or codes.shape != scores.shape[:1]:
        raise InputError(
            "scores must be (notes, two or more instruments) with one code a note; got shapes "
            f"{scores.shape} and {codes.shape}."
        )
    if np.isinf(scores).any():
        raise InputError("scores must be finite, or NaN where there is no trial; found infinity.")
    if not ((codes >= 0) & (codes < scores.shape[1])).all():
        raise InputError(f"codes must name columns of scores, 0 to {scores.shape[1] - 1}.")
    target = scores[np.arange(codes.size), codes]
    there = ~np.isnan(target)
    without = set(range(scores.shape[1])) - set(codes[there].tolist())
    if without:
        raise InputError(f"every instrument needs a target trial; {sorted(without)[:5]} have none.")
    return np.asarray(target[there])
