"""Are these sounds of one instrument? Scores, and the threshold at which errors balance.

Comes in: vectors and the labels of a library. Goes out: cosines to the mean of the enrolment, and
the threshold at the equal error rate of the library's own labelled instruments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.error_rates import eer, eer_threshold
from timbrespace.evaluation.protocols import exhaustive_scores, pool_trials
from timbrespace.evaluation.vectors import unit_vectors

_FEWEST_INSTRUMENTS = 2
_MOST_INSTRUMENTS, _MOST_NOTES = 200, 50  # of each: the threshold does not move with more
_MOST_ENROLLED = 5


@dataclass(frozen=True)
class Threshold:
    """Where to accept.

    Attributes:
        score: at or above it, a sound is accepted.
        eer: share of errors of either kind there.
        n_instruments: labelled instruments that it was found on.
    """

    score: float
    eer: float
    n_instruments: int


def verification_scores(enrolment: npt.ArrayLike, test: npt.ArrayLike) -> list[float]:
    """Cosine of each test vector to the mean of the enrolment's unit vectors.

    Args:
        enrolment: (n, values), n >= 1.
        test: (m, values).

    Example:
        >>> verification_scores([[1, 0], [1, 0]], [[2, 0], [0, 1]])
        [1.0, 0.0]
    """
    mean = unit_vectors(enrolment).mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), np.finfo(np.float64).tiny)
    return [float(score) for score in unit_vectors(test) @ mean]


def threshold_at_eer(
    vectors: npt.NDArray[np.floating], instruments: Sequence[str | None], *, n_enrolled: int
) -> Threshold:
    """The threshold at which a library's own instruments are missed as often as mixed up.

    Args:
        vectors: (n, values).
        instruments: label of each sound, None if unknown; (n,).
        n_enrolled: sounds in the enrolment that will be judged; five stand for more.

    Raises:
        InputError: too few instruments have enough sounds.
    """
    n_enrolled = min(n_enrolled, _MOST_ENROLLED)
    rows, codes = _labelled_rows(instruments, n_enrolled + 1)
    count = int(codes.max(initial=-1)) + 1
    if count < _FEWEST_INSTRUMENTS:
        raise InputError(
            f"a threshold needs {_FEWEST_INSTRUMENTS} labelled instruments of {n_enrolled + 1} "
            f"sounds or more, the library has {count}; add a corpus, or a folder for each "
            "instrument, or enrol fewer sounds."
        )
    unit = unit_vectors(vectors[rows])
    scores = exhaustive_scores(
        unit, codes, enrolment_notes=n_enrolled, rng=np.random.default_rng(0)
    )
    trials = pool_trials(scores, codes)
    return Threshold(
        eer_threshold(trials.target, trials.nontarget), eer(trials.target, trials.nontarget), count
    )


def _labelled_rows(
    instruments: Sequence[str | None], fewest: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows that take part, drawn where there are very many, and the code of each one's label."""
    known = np.flatnonzero([name is not None for name in instruments])
    labels = np.array([name for name in instruments if name is not None], dtype=np.str_)
    _, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    rng = np.random.default_rng(0)
    enough = np.flatnonzero(counts >= fewest)
    chosen = np.sort(rng.permutation(enough)[:_MOST_INSTRUMENTS])
    rows = [rng.permutation(known[codes == code])[:_MOST_NOTES] for code in chosen]
    if not rows:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    return np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(part) for part in rows])
