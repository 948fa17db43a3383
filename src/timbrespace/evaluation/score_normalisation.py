"""Scores brought to one scale by how a cohort of other instruments scores.

Comes in: cosines of trials, and unit vectors of notes, of enrolments and of a cohort, one vector
for each of many other instruments. Goes out: adaptive symmetric normalisation (AS-norm) of scores,

    normalised = ((s - mean_e) / deviation_e + (s - mean_t) / deviation_t) / 2

where mean and deviation are of the cosines of the enrolment e, and of the note t, with the vectors
of the cohort that are most like it. An instrument in a crowded place of the space scores high with
everything; a common threshold is fairer to it when that is taken off. Scores are then deviations of
a cohort, no longer cosines.

Source: Matějka et al. 2017, "Analysis of Score Normalization in Multilingual Speaker Recognition",
Interspeech, doi:10.21437/Interspeech.2017-803; Cumani et al. 2011, "Comparison of Speaker
Recognition Approaches for Real Applications", Interspeech, for the choice of the most alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.vectors import Vectors, unit_vectors

Scores = npt.NDArray[np.float64]

N_NEAREST = 100

_BLOCK_SCORES = 1 << 18
_LEAST_DEVIATION = 1e-9  # below it cosines differ by rounding only


class CohortScores(NamedTuple):
    """How vectors score with the vectors of a cohort that are most like them.

    Attributes:
        mean: of the cosines; (n,).
        deviation: of the cosines, 1 where they are all equal; (n,).
    """

    mean: Scores
    deviation: Scores


class ScoreNormalisation:
    """AS-norm for the notes of one verification, whose own statistics are found once.

    Args:
        notes: unit vectors of all notes; (notes, dimensions).
        cohort: (instruments, dimensions), finite, no row all zero; of instruments that the trials
            do not have.
        n_nearest: how many of the cohort, the most alike, are looked at; all if it has fewer.

    Attributes:
        n_cohort: vectors of the cohort.
        n_nearest: how many of them are looked at.

    Raises:
        ConfigError: `n_nearest` is below 2.
        InputError: the cohort has fewer than two vectors, other dimensions than the notes, or a
            vector without direction.
    """

    def __init__(
        self, notes: Vectors, cohort: npt.ArrayLike, *, n_nearest: int = N_NEAREST
    ) -> None:
        if n_nearest < 2:
            raise ConfigError(f"cohort_nearest must be at least 2, got {n_nearest}.")
        self._cohort = unit_vectors(cohort)
        self.n_cohort, dimensions = self._cohort.shape
        if self.n_cohort < 2 or dimensions != notes.shape[1]:
            raise InputError(
                f"a cohort needs 2 vectors or more, of {notes.shape[1]} values as the notes have; "
                f"it has {self.n_cohort} of {dimensions}."
            )
        self.n_nearest = min(n_nearest, self.n_cohort)
        self._notes = self._scores_of(notes)

    def __call__(self, scores: Scores, enrolments: Vectors) -> Scores:
        """Normalise the scores of one draw, which are used up: the result lies where they lay.

        Args:
            scores: cosine of each note with each enrolment, NaN where there is no trial; (notes,
                instruments).
            enrolments: unit vectors; (instruments, dimensions).
        """
        return normalised_scores(scores, self._notes, self._scores_of(enrolments), out=scores)

    def _scores_of(self, unit: Vectors) -> CohortScores:
        return cohort_scores(unit, self._cohort, n_nearest=self.n_nearest)


def cohort_scores(unit: Vectors, cohort: Vectors, *, n_nearest: int) -> CohortScores:
    """Mean and deviation of each vector's cosines with its nearest vectors of a cohort.

    Args:
        unit: (n, dimensions), each of length 1, or 0 for what has no direction.
        cohort: (m, dimensions), each of length 1.
        n_nearest: how many are looked at, at most m.

    Example:
        >>> cohort = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
        >>> found = cohort_scores(np.array([[1.0, 0.0]]), cohort, n_nearest=2)
        >>> found.mean, found.deviation
        (array([0.8]), array([0.2]))
    """
    mean, deviation = np.empty(len(unit)), np.empty(len(unit))
    for part in _blocks(len(unit), len(cohort)):
        cosines = unit[part] @ cohort.T
        cosines.partition(len(cohort) - n_nearest, axis=1)
        nearest = cosines[:, len(cohort) - n_nearest :]
        mean[part], deviation[part] = nearest.mean(axis=1), nearest.std(axis=1)
    return CohortScores(mean, np.where(deviation < _LEAST_DEVIATION, 1.0, deviation))


def normalised_scores(
    scores: Scores, notes: CohortScores, enrolments: CohortScores, *, out: Scores | None = None
) -> Scores:
    """Mean of what a score is to the note's cohort and what it is to the enrolment's.

    Args:
        scores: (notes, instruments), NaN where there is no trial.
        notes: of each note.
        enrolments: of each instrument's enrolment.
        out: where the result goes, which may be `scores`; None for a new array.

    Returns:
        (notes, instruments), NaN where `scores` is.

    Example:
        >>> notes, enrolments = (
        ...     CohortScores(np.array([mean]), np.array([deviation]))
        ...     for mean, deviation in ((0.5, 0.1), (0.3, 0.2))
        ... )
        >>> normalised_scores(np.array([[0.9]]), notes, enrolments).round(9)
        array([[3.5]])
    """
    out = np.empty_like(scores) if out is None else out
    slopes = [0.5 / side.deviation for side in (notes, enrolments)]
    levels = [slope * side.mean for slope, side in zip(slopes, (notes, enrolments), strict=True)]
    for part in _blocks(*scores.shape):
        np.multiply(scores[part], np.add.outer(slopes[0][part], slopes[1]), out=out[part])
        out[part] -= np.add.outer(levels[0][part], levels[1])
    return out


def _blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Parts of the rows that together make a table no larger than a block."""
    size = max(1, _BLOCK_SCORES // n_columns)
    return (slice(first, first + size) for first in range(0, n_rows, size))
