"""Whose trials go wrong: the equal error rate of each instrument, or of each family.

Comes in: scores of one draw (notes, instruments), NaN where there is no trial. Goes out: one rate
from 0 to 0.5 for each group of enrolments, each with a threshold of its own. A group's trials are
those of its instruments' enrolments: its own notes against all others, its family's among them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.error_rates import eer
from timbrespace.evaluation.hull import Rates
from timbrespace.evaluation.protocols import Codes, Scores


def group_eers(scores: Scores, codes: Codes, groups: Codes) -> Rates:
    """Equal error rate of each group's trials taken together.

    Args:
        scores: cosine of each note with each instrument's enrolment; (notes, instruments).
        codes: instrument of each note, a column of `scores`; (notes,).
        groups: group 0 … n-1 of each instrument, -1 for none; (instruments,).

    Returns:
        (n,).

    Raises:
        InputError: a group has no target or no non-target trial.

    Example:
        >>> scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.0]])
        >>> group_eers(scores, np.array([0, 0, 1, 1]), groups=np.array([0, 1]))
        array([0.        , 0.33333333])
    """
    return np.array(
        [
            _eer(scores[:, columns], codes[:, None] == columns)
            for columns in (np.flatnonzero(groups == k) for k in range(groups.max(initial=-1) + 1))
        ]
    )


def groups_of(groups: npt.ArrayLike, codes: Codes, names: npt.ArrayLike) -> tuple[list[str], Codes]:
    """Names of the groups, and the group of each instrument.

    Args:
        groups: name of each note's group, None if unknown; (notes,).
        codes: instrument of each note; (notes,).
        names: of the instruments; (instruments,).

    Returns:
        Names in order, and (instruments,), -1 for instruments without a group.

    Raises:
        InputError: the notes of an instrument are in different groups.

    Example:
        >>> groups_of(["reed", "reed", None], np.array([0, 0, 1]), ["oboe", "gong"])
        (['reed'], array([ 0, -1]))
    """
    notes, instruments = np.asarray(groups, dtype=object), np.asarray(names)
    pairs = sorted(set(zip(codes.tolist(), notes.tolist(), strict=True)), key=str)
    if len(pairs) > len(instruments):
        twice = np.flatnonzero(np.bincount([code for code, _ in pairs]) > 1)
        raise InputError(
            f"an instrument's notes must share one group; those of {instruments[twice].tolist()} "
            "do not."
        )
    known = sorted({str(group) for _, group in pairs if group is not None})
    found = np.full(len(instruments), -1, np.intp)
    for code, group in pairs:
        found[code] = -1 if group is None else known.index(str(group))
    return known, found


def _eer(scores: Scores, own: npt.NDArray[np.bool_]) -> float:
    target, nontarget = scores[own], scores[~own]
    return eer(target[~np.isnan(target)], nontarget[~np.isnan(nontarget)])
