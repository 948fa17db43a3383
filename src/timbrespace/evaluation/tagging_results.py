"""All that is said of a tagger: decisions, rankings, calibration, what is taken for what.

Comes in: truth, scores from 0 to 1 and a mask, (sounds, tags) each, as `tagging` takes them, and
thresholds that were chosen on other sounds, the validation ones. Goes out: numbers, NaN where
nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.tagging import (
    Flags,
    Rates,
    best_thresholds,
    f1_scores,
    label_ranking_average_precision,
    tag_average_precision,
)

_N_BINS = 10


@dataclass(frozen=True)
class TagScores:
    """How well tags are told.

    Attributes:
        n_sounds: how many were judged.
        f1_micro: over all decisions.
        f1_macro: mean over tags.
        f1_per_tag: (tags,).
        lrap: label ranking average precision.
        average_precision: of each tag's ranking of sounds; (tags,).
        auc: of each tag, area under its curve of hits against false alarms; (tags,).
        calibration_error: mean distance of a score from the share of tags that are there, 0 is
            best.
    """

    n_sounds: int
    f1_micro: float
    f1_macro: float
    f1_per_tag: Rates
    lrap: float
    average_precision: Rates
    auc: Rates
    calibration_error: float

    @property
    def mean_average_precision(self) -> float:
        """Mean over the tags that are somewhere."""
        known = self.average_precision[~np.isnan(self.average_precision)]
        return float(known.mean()) if known.size else np.nan

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for a report."""
        return {**vars(self), "mean_average_precision": self.mean_average_precision}


@dataclass(frozen=True)
class Reliability:
    """Scores in bins of equal width, from 0 to 1.

    Attributes:
        score: mean in each bin; (bins,), NaN in an empty one.
        share: of tags that are there; (bins,).
        n: decisions; (bins,).
    """

    score: Rates
    share: Rates
    n: npt.NDArray[np.int64]

    @property
    def error(self) -> float:
        """Mean distance of score and share over decisions."""
        held = self.n > 0
        distance = np.abs(self.score - self.share)[held]
        return float((distance * self.n[held]).sum() / self.n.sum()) if held.any() else np.nan


def score_tags(
    truth: npt.ArrayLike,
    scores: npt.ArrayLike,
    thresholds: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
) -> TagScores:
    """Judge scores.

    Args:
        truth: (sounds, tags).
        scores: from 0 to 1; (sounds, tags).
        thresholds: of each tag (tags,), or one for all.
        mask: where the truth is known; (sounds, tags).

    Raises:
        InputError: shapes differ, or a score is NaN or not from 0 to 1.
    """
    truth, scores, known = _checked(truth, scores, mask)
    f1 = f1_scores(truth, scores >= np.asarray(thresholds), known)
    return TagScores(
        n_sounds=len(truth),
        f1_micro=f1.micro,
        f1_macro=f1.macro,
        f1_per_tag=f1.per_tag,
        lrap=label_ranking_average_precision(truth, scores, known),
        average_precision=tag_average_precision(truth, scores, known),
        auc=np.array([_area(*curve) for curve in tag_curves(truth, scores, known)]),
        calibration_error=tag_reliability(truth, scores, known).error,
    )


def scores_by_count(
    truth: npt.ArrayLike,
    scores: npt.ArrayLike,
    thresholds: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
) -> dict[int, TagScores]:
    """Scores of the sounds that have one tag, two tags and so on; arguments as `score_tags`."""
    truth, scores, known = _checked(truth, scores, mask)
    n_tags = truth.sum(axis=1)
    return {
        int(count): score_tags(
            truth[n_tags == count], scores[n_tags == count], thresholds, known[n_tags == count]
        )
        for count in np.unique(n_tags)
    }


def chosen_thresholds(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Rates:
    """Threshold of each tag for the best F1 on these, the validation sounds.

    Args:
        truth: (sounds, tags).
        scores: (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        (tags,), each halfway between the lowest score that is accepted and the next lower one; inf
        for a tag that is nowhere.

    Raises:
        InputError: as `score_tags`.

    Example:
        >>> chosen_thresholds([[1], [1], [0]], [[0.9], [0.6], [0.2]])
        array([0.4])
    """
    truth, scores, known = _checked(truth, scores, mask)
    lowest = best_thresholds(truth, scores, known)
    rejected = np.where(known & (scores < lowest), scores, 0.0)
    return np.asarray((lowest + rejected.max(axis=0)) / 2)


def chosen_threshold(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> float:
    """One threshold for all tags, of the best micro F1; arguments as `chosen_thresholds`."""
    truth, scores, known = _checked(truth, scores, mask)
    return float(chosen_thresholds(truth[known][:, None], scores[known][:, None])[0])


def tag_curves(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> list[tuple[Rates, Rates]]:
    """False alarm and hit rates of each tag, as the threshold falls; from (0, 0) to (1, 1).

    Args:
        truth: (sounds, tags).
        scores: (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        For each tag two arrays (points,), NaN where a tag is nowhere or everywhere.
    """
    truth, scores, known = _checked(truth, scores, mask)
    columns = zip(truth.T, scores.T, known.T, strict=True)
    return [_curve(there[k], score[k]) for there, score, k in columns]


def tag_confusion(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Rates:
    """How often each tag is said where another one is there.

    Args:
        truth: (sounds, tags).
        predicted: decisions; (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        (tags, tags): row i, column j is the share of sounds with tag i of which j was said, of
        those where j is not there, too; on the diagonal, the share of tag i that was found. NaN
        where there is no such sound.

    Raises:
        InputError: shapes differ.

    Example:
        >>> tag_confusion([[1, 0], [1, 0]], [[1, 1], [1, 0]])
        array([[1. , 0.5],
               [nan, nan]])
    """
    truth, said, known = _checked(truth, np.asarray(predicted, np.float64), mask)
    n_tags = truth.shape[1]
    shares = np.full((n_tags, n_tags), np.nan)
    for there in range(n_tags):
        for other in range(n_tags):
            alone = (there == other) | ~truth[:, other]
            counted = truth[:, there] & known[:, other] & alone
            if counted.any():
                shares[there, other] = said[counted, other].mean()
    return shares


def tag_reliability(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Reliability:
    """How far scores are probabilities, over all tags; arguments as `score_tags`."""
    truth, scores, known = _checked(truth, scores, mask)
    there, score = truth[known], scores[known]
    number = np.minimum((score * _N_BINS).astype(int), _N_BINS - 1)
    n = np.bincount(number, minlength=_N_BINS)
    divisor = np.where(n == 0, np.nan, n)
    return Reliability(
        score=np.bincount(number, weights=score, minlength=_N_BINS) / divisor,
        share=np.bincount(number, weights=there, minlength=_N_BINS) / divisor,
        n=n,
    )


def score_text(score: float | None, decimals: int = 3) -> str:
    """A score as people read it; a dash where nothing can be said.

    Example:
        >>> score_text(0.5), score_text(None), score_text(float("nan"))
        ('0.500', '–', '–')
    """
    return "–" if score is None or np.isnan(score) else f"{score:.{decimals}f}"


def _curve(there: Flags, scores: Rates) -> tuple[Rates, Rates]:
    order = np.argsort(-scores, kind="stable")
    ranked = there[order]
    # Equal scores are taken together; where nothing is known there is no last one.
    last = np.r_[np.diff(scores[order]) != 0, np.ones(min(1, len(order)), np.bool_)]
    counts = np.cumsum(~ranked)[last], np.cumsum(ranked)[last]
    false_alarms, hits = (
        np.r_[0, count] / (count[-1] if count.size and count[-1] else np.nan) for count in counts
    )
    return false_alarms, hits


def _area(false_alarms: Rates, hits: Rates) -> float:
    return float(np.trapezoid(hits, false_alarms)) if len(hits) > 1 else np.nan


def _checked(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None
) -> tuple[Flags, Rates, Flags]:
    flags = np.asarray(truth, np.bool_)
    rates = np.asarray(scores, np.float64)
    known = np.ones_like(flags) if mask is None else np.asarray(mask, np.bool_)
    if flags.ndim != 2 or not flags.shape == rates.shape == known.shape or not flags.size:
        raise InputError(
            "truth, scores and mask must be (sounds, tags) alike, not empty; got "
            f"{flags.shape}, {rates.shape} and {known.shape}."
        )
    if not ((rates >= 0) & (rates <= 1)).all():
        raise InputError("scores must be from 0 to 1.")
    return flags & known, rates, known
