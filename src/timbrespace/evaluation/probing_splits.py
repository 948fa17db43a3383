"""Notes dealt to a training, a validation and a test part, 8:1:1 in each class.

Comes in: the class and the group of each note. Goes out: row numbers of the three parts. A group is
never parted; where each note is a group of its own, this is a plain stratified split.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.evaluation.labels import Labels

SHARES = (0.8, 0.1, 0.1)

Rows = npt.NDArray[np.intp]


class Parts(NamedTuple):
    """Row numbers, rising."""

    train: Rows
    valid: Rows
    test: Rows


def split_rows(classes: Labels, groups: Labels, *, rng: np.random.Generator) -> Parts:
    """Deal whole groups so that each class comes near to 8:1:1.

    The class with the fewest groups left is dealt first, its groups in random order, each to the
    part that has the least of what it should have of this class, of equals to training. So a class
    of three groups or more as a rule reaches all parts, even where a single group is more than a
    tenth of it.

    Args:
        classes: class of each note; (notes,).
        groups: what must not be parted, as the instrument; (notes,).
        rng: of the order.

    Example:
        >>> classes, groups = np.repeat(["high", "low"], 30), np.arange(60).astype(str)
        >>> parts = split_rows(classes, groups, rng=np.random.default_rng(0))
        >>> [part.size for part in parts], np.sum(classes[parts.test] == "low").item()
        ([48, 6, 6], 3)

    Source: Sechidis, Tsoumakas & Vlahavas 2011, "On the stratification of multi-label data",
    doi:10.1007/978-3-642-23808-6_10, with groups as samples and the relative want.
    """
    names, class_of = np.unique(classes, return_inverse=True)
    kinds, group_of = np.unique(groups, return_inverse=True)
    counts = np.zeros((kinds.size, names.size))
    np.add.at(counts, (group_of, class_of), 1)
    part_of = _dealt(counts, rng)[group_of]
    return Parts(*(np.flatnonzero(part_of == part) for part in range(len(SHARES))))


def _dealt(counts: npt.NDArray[np.float64], rng: np.random.Generator) -> Rows:
    """Part of each group; `counts` is (groups, classes) notes."""
    wanted = np.outer(SHARES, counts.sum(axis=0))
    dealt = np.zeros_like(wanted)
    part_of = np.full(len(counts), -1)
    while (part_of < 0).any():
        left = (counts > 0) & (part_of < 0)[:, None]
        n_left = left.sum(axis=0)
        rarest = np.where(n_left > 0, n_left, np.inf).argmin()
        for group in rng.permutation(np.flatnonzero(left[:, rarest])):
            part_of[group] = (dealt[:, rarest] / wanted[:, rarest]).argmin()
            dealt[part_of[group]] += counts[group]
    return part_of
