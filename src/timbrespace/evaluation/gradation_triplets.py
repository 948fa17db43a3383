"""Whether kinds of one family lie nearer to each other than to kinds of another.

Comes in: unit vectors of sounds and of the centres of their kinds. Goes out: how often a kind of
the same family is nearer than one of another, from 0 to 1, where 0.5 is chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from timbrespace.evaluation.labels import Labels
from timbrespace.evaluation.protocols import Codes
from timbrespace.evaluation.vectors import Vectors

_MOST_NOTES = 5000


class Triplets(NamedTuple):
    """How often a kind of the same family is nearer than one of another; 0.5 is chance.

    Attributes:
        centres: mean over kinds, by the centres of kinds.
        interval: of it, 95 %, over kinds drawn with replacement; None for a single family, whose
            kinds are too few.
        notes: mean over kinds, by single notes.
        n_kinds: kinds that have another in their family.
    """

    centres: float
    interval: tuple[float, float] | None
    notes: float
    n_kinds: int


def family_triplets(
    centres: Vectors,
    unit: Vectors,
    kind_of_sound: Codes,
    families: Sequence[str],
    *,
    seed: int = 0,
) -> dict[str, Triplets]:
    """Triplets of all kinds, under "", and of each family of two kinds or more.

    Args:
        centres: unit vectors of the kinds; (kinds, dimensions).
        unit: unit vectors of the sounds, of which a random 5,000 are taken if they are more;
            (sounds, dimensions).
        kind_of_sound: row of `centres`; (sounds,).
        families: of the kinds; (kinds,).
        seed: of the draws.
    """
    family = np.array(families)
    rng = np.random.default_rng(seed)
    by_centre = triplet_agreement(centres, np.arange(len(centres)), family)
    drawn = np.sort(rng.permutation(len(unit))[:_MOST_NOTES])
    kinds = kind_of_sound[drawn]
    by_note = triplet_agreement(unit[drawn], kinds, family[kinds])
    asked = ~np.isnan(by_centre)
    groups = {"": asked} | {name: asked & (family == name) for name in sorted(set(families))}
    found = {}
    for name, chosen in groups.items():
        if chosen.any():
            notes = [by_note[kinds == kind] for kind in np.flatnonzero(chosen)]
            found[name] = Triplets(
                float(by_centre[chosen].mean()),
                None if name else _interval(by_centre[chosen], rng),
                float(np.mean([np.nanmean(rows) for rows in notes if not np.isnan(rows).all()])),
                int(chosen.sum()),
            )
    return found


def triplet_agreement(unit: Vectors, kinds: Codes, families: Codes | Labels) -> Vectors:
    """For each row, how often another kind of its family is nearer than one of another family.

    Over all pairs of such rows; rows that are equally near count half. This is the area under the
    row's ROC curve.

    Args:
        unit: vectors of length 1, of sounds or of kinds; (rows, dimensions).
        kinds: of each row; (rows,).
        families: of each row; (rows,).

    Returns:
        (rows,), NaN where no other kind of the family, or no other family, is there.

    Example:
        >>> rows = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
        >>> triplet_agreement(rows, np.array([0, 1, 2]), np.array([0, 0, 1]))
        array([ 1.,  0., nan])
    """
    found = np.full(len(unit), np.nan)
    for row, vector in enumerate(unit):
        likeness = unit @ vector
        kin = families == families[row]
        near, far = likeness[kin & (kinds != kinds[row])], np.sort(likeness[~kin])
        if near.size and far.size:
            below = [np.searchsorted(far, near, side=side) for side in ("left", "right")]
            found[row] = np.mean(below) / far.size
    return found


def _interval(values: Vectors, rng: np.random.Generator) -> tuple[float, float]:
    means = rng.choice(values, (1000, values.size)).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
