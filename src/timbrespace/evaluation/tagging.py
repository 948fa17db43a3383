"""How well tags are recognised where a sound may carry several, or where some are unknown.

Comes in: truth (sounds, tags) as booleans, decisions or scores of the same shape, and a mask that
is true where the truth is known (as OpenMIC-2018 has it); without a mask all is known. Goes out:
rates from 0 to 1, higher is better; NaN where nothing can be said. Unknown cells are as if they
were not there. Thresholds are chosen on validation sounds and used on others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.ranking import average_precision

Flags = npt.NDArray[np.bool_]
Rates = npt.NDArray[np.float64]


@dataclass(frozen=True)
class F1Scores:
    """Harmonic means of precision and recall.

    Attributes:
        micro: over all decisions, so that frequent tags weigh more.
        macro: mean over tags that are not NaN.
        per_tag: (tags,); NaN for a tag that neither is there nor was said to be.
    """

    micro: float
    macro: float
    per_tag: Rates


def f1_scores(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> F1Scores:
    """F1 = 2 hits / (tags said + tags there).

    Args:
        truth: (sounds, tags).
        predicted: decisions, as `scores >= thresholds`; (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Raises:
        InputError: shapes differ.

    Example:
        >>> f1_scores([[1, 0], [1, 1]], [[1, 1], [0, 1]]).per_tag.round(2).tolist()
        [0.67, 0.67]
    """
    truth, known = _flags(truth, mask)
    said = _like(np.asarray(predicted, dtype=np.bool_), truth, "predicted") & known
    hits, total = (truth & said).sum(axis=0), truth.sum(axis=0) + said.sum(axis=0)
    per_tag = _ratio(2 * hits, total)
    return F1Scores(float(_ratio(2 * hits.sum(), total.sum())), _mean(per_tag), per_tag)


def precision_and_recall(
    truth: npt.ArrayLike, predicted: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> tuple[Rates, Rates]:
    """Share of what is said that is there, and of what is there that is said; (tags,) each.

    Args:
        truth: (sounds, tags).
        predicted: decisions; (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        NaN for the precision of a tag that is never said, and for the recall of one that is
        nowhere.

    Raises:
        InputError: shapes differ.

    Example:
        >>> precision_and_recall([[1, 0], [1, 0]], [[1, 1], [0, 0]])
        (array([1., 0.]), array([0.5, nan]))
    """
    truth, known = _flags(truth, mask)
    said = _like(np.asarray(predicted, dtype=np.bool_), truth, "predicted") & known
    hits = (truth & said).sum(axis=0)
    return _ratio(hits, said.sum(axis=0)), _ratio(hits, truth.sum(axis=0))


def best_thresholds(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Rates:
    """Threshold of each tag that gives the best F1 on these, the validation sounds.

    Args:
        truth: (sounds, tags).
        scores: higher says more surely that the tag is there; (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        (tags,), each the score of a sound, the highest among equally good ones; inf (never say it)
        for a tag that is nowhere.

    Raises:
        InputError: shapes differ, or a score is NaN.

    Example:
        >>> best_thresholds([[1], [1], [0]], [[0.9], [0.6], [0.2]])
        array([0.6])
    """
    truth, known = _flags(truth, mask)
    scores = _scores(scores, truth)
    columns = zip(truth.T, scores.T, known.T, strict=True)
    return np.array([_best_threshold(there[k], column[k]) for there, column, k in columns])


def tag_average_precision(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> Rates:
    """Average precision of each tag's ranking of sounds; its mean over tags (nanmean) is the mAP.

    Args:
        truth: (sounds, tags).
        scores: (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Returns:
        (tags,); NaN for a tag that is nowhere.

    Raises:
        InputError: shapes differ, or a score is NaN.
    """
    truth, known = _flags(truth, mask)
    return _precisions(truth.T, _scores(scores, truth).T, known.T)


def label_ranking_average_precision(
    truth: npt.ArrayLike, scores: npt.ArrayLike, mask: npt.ArrayLike | None = None
) -> float:
    """Mean over sounds of the average precision of each sound's ranking of tags (LRAP).

    Sounds without a known tag are left out; NaN if there is no other.

    Args:
        truth: (sounds, tags).
        scores: (sounds, tags).
        mask: where the truth is known; (sounds, tags).

    Raises:
        InputError: shapes differ, or a score is NaN.

    Source: Tsoumakas, Katakis & Vlahavas 2010, "Mining multi-label data", section 5,
    doi:10.1007/978-0-387-09823-4_34.
    """
    truth, known = _flags(truth, mask)
    return _mean(_precisions(truth, _scores(scores, truth), known))


def _precisions(truth: Flags, scores: Rates, known: Flags) -> Rates:
    return np.array(
        [
            average_precision(row[k], row[there]) if there.any() else np.nan
            for there, row, k in zip(truth, scores, known, strict=True)
        ]
    )


def _best_threshold(there: Flags, scores: Rates) -> float:
    if not there.any():
        return np.inf
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    f1 = 2 * np.cumsum(there[order]) / (np.arange(1, ranked.size + 1) + there.sum())
    f1[:-1][ranked[1:] == ranked[:-1]] = -1  # a threshold takes all equal scores or none
    return float(ranked[f1.argmax()])


def _flags(truth: npt.ArrayLike, mask: npt.ArrayLike | None) -> tuple[Flags, Flags]:
    """Truth, false where it is unknown, and where it is known."""
    flags = np.asarray(truth, dtype=np.bool_)
    if flags.ndim != 2 or not flags.size:
        raise InputError(f"truth must be (sounds, tags), not empty; got shape {flags.shape}.")
    if mask is None:
        return flags, np.ones_like(flags)
    known = _like(np.asarray(mask, dtype=np.bool_), flags, "mask")
    return flags & known, known


def _scores(scores: npt.ArrayLike, truth: Flags) -> Rates:
    array = np.asarray(scores, dtype=np.float64)
    if array.shape != truth.shape or np.isnan(array).any():
        raise InputError(
            f"scores must have the truth's shape {truth.shape} and no NaN; got {array.shape}."
        )
    return array


def _like(flags: Flags, truth: Flags, name: str) -> Flags:
    if flags.shape != truth.shape:
        raise InputError(f"{name} must have the truth's shape {truth.shape}; got {flags.shape}.")
    return flags


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Rates:
    """NaN where there is nothing to divide by."""
    whole = np.asarray(whole, dtype=np.float64)
    return np.asarray(part) / np.where(whole == 0, np.nan, whole)


def _mean(values: Rates) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan
