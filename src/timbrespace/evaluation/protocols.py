"""Which trials are made: notes drawn for enrolment, the others compared with it.

Comes in: unit vectors (notes, dimensions), the code 0 … n-1 of each note's instrument, and a random
generator. Goes out: the cosine of each note with each instrument's enrolment (notes, instruments),
NaN where there is no such trial, or what a score normalisation makes of it. An instrument is
enrolled as the mean of the unit vectors of a few of its notes, so that loud or long notes weigh no
more than others. Notes that were drawn for any enrolment are in no trial. Trials depend on codes
and generator only, not on vectors: equal seeds give two systems the same trials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.evaluation.vectors import Vectors

Codes = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]
Normalise = Callable[[Scores, Vectors], Scores]

_BLOCK_SCORES = 1 << 20


class Trials(NamedTuple):
    """Scores of the trials of one draw, in any order.

    Attributes:
        target: note and enrolment are of one instrument; (trials,).
        nontarget: they are of two; (trials,).
    """

    target: Scores
    nontarget: Scores


def exhaustive_scores(
    unit: Vectors,
    codes: Codes,
    *,
    enrolment_notes: int,
    rng: np.random.Generator,
    normalise: Normalise | None = None,
) -> Scores:
    """Every note that is not enrolled against every instrument; (notes, instruments).

    Args:
        unit: (notes, dimensions), each of length 1.
        codes: (notes,); every instrument has more than `enrolment_notes` notes.
        enrolment_notes: notes in each enrolment.
        rng: draws the enrolments.
        normalise: brings cosines to another scale, given them, to be used up, and the enrolments'
            unit vectors; None leaves them.
    """
    enrolment, _ = _draw(codes, enrolment_notes, rng)
    means = _means(unit, enrolment)
    scores: Scores = unit @ means.T
    scores[enrolment.ravel()] = np.nan
    return scores if normalise is None else normalise(scores, means)


def paper_scores(
    unit: Vectors,
    codes: Codes,
    *,
    enrolment_notes: int,
    pool_notes: int,
    rng: np.random.Generator,
    normalise: Normalise | None = None,
) -> Scores:
    """For each instrument as many of its own notes as of others', the published protocol.

    Args:
        unit: (notes, dimensions), each of length 1.
        codes: (notes,); every instrument has at least `enrolment_notes + pool_notes` notes.
        enrolment_notes: notes in each enrolment (5 in the paper).
        pool_notes: target notes and non-target notes of each instrument (20 in the paper), drawn
            without replacement.
        rng: draws the enrolments and the pools.
        normalise: as in `exhaustive_scores`.

    Returns:
        (notes, instruments), NaN for notes outside an instrument's pools.

    Source: Shi, Cooper & Yamagishi 2022, "Use of speaker recognition approaches for learning and
    evaluating embedding representations of musical instrument sounds", IEEE/ACM TASLP 30,
    doi:10.1109/TASLP.2022.3140549.
    """
    enrolment, rest = _draw(codes, enrolment_notes, rng)
    sizes = np.bincount(codes[rest])
    starts = np.cumsum(sizes) - sizes
    own = rest[starts[:, None] + np.arange(pool_notes)]
    others = np.empty_like(own)
    for row, start, size in zip(others, starts, sizes, strict=True):
        place = rng.choice(rest.size - size, pool_notes, replace=False)
        row[:] = rest[place + size * (place >= start)]  # skips the instrument's own notes
    pools, means = np.concatenate([own, others], axis=1), _means(unit, enrolment)
    scores = np.full((codes.size, len(means)), np.nan)
    scores[pools, np.arange(len(means))[:, None]] = np.einsum("ipd,id->ip", unit[pools], means)
    return scores if normalise is None else normalise(scores, means)


def pool_trials(scores: Scores, codes: Codes) -> Trials:
    """All trials together. `scores` is used up: they are packed where they lie, to save memory.

    Args:
        scores: as a protocol gives them; (notes, instruments).
        codes: (notes,).

    Example:
        >>> nan = float("nan")
        >>> pool_trials(np.array([[0.9, 0.1], [nan, 0.7], [0.3, nan]]), np.array([0, 1, 1]))
        Trials(target=array([0.9, 0.7]), nontarget=array([0.1, 0.3]))
    """
    own = np.arange(codes.size), codes
    target = scores[own]
    scores[own] = np.nan
    return Trials(_packed(target), _packed(scores.reshape(-1)))


def _packed(scores: Scores) -> Scores:
    """The scores that are not NaN, moved to the front of their array."""
    end = 0
    for start in range(0, scores.size, _BLOCK_SCORES):
        block = scores[start : start + _BLOCK_SCORES]
        kept = block[~np.isnan(block)]
        scores[end : end + kept.size] = kept
        end += kept.size
    return scores[:end]


def _draw(codes: Codes, n_notes: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Rows of each instrument's enrolment, and all other rows, shuffled and by instrument."""
    shuffled = rng.permutation(codes.size)
    rows = shuffled[np.argsort(codes[shuffled], kind="stable")]
    sizes = np.bincount(codes)
    places = (np.cumsum(sizes) - sizes)[:, None] + np.arange(n_notes)
    return rows[places], np.delete(rows, places.ravel())


def _means(unit: Vectors, enrolment: Codes) -> Vectors:
    mean = unit[enrolment].mean(axis=1)
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    tiny = np.finfo(np.float64).tiny  # notes that cancel out: all their cosines are 0
    return np.asarray(mean / np.maximum(length, tiny))
