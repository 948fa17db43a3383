"""Sounds dealt to folds: each is held out once, while the others teach.

Comes in: the class and the group of each sound. Goes out: the fold of each sound. A group is never
parted, so that sounds of one recording (or instrument) do not judge what was learnt from it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.intp]


def deal_folds(classes: Codes, groups: Codes, *, n_folds: int, rng: np.random.Generator) -> Codes:
    """Deal whole groups, largest first, each to the fold that has least of its classes.

    A class of two groups or more, none of which holds another class, never lies in one fold only:
    there are always sounds of it to learn from.

    Args:
        classes: class of each sound, from 0; (n,).
        groups: group of each sound, from 0; (n,).
        n_folds: at most the number of groups; each fold gets one or more.
        rng: of the order of groups that are equally large.

    Returns:
        Fold of each sound; (n,).

    Example:
        >>> classes, groups = np.repeat([0, 1], 6), np.arange(12)
        >>> folds = deal_folds(classes, groups, n_folds=3, rng=np.random.default_rng(0))
        >>> np.bincount(folds[classes == 0]).tolist()
        [2, 2, 2]
    """
    counts = np.zeros((groups.max() + 1, classes.max() + 1))
    np.add.at(counts, (groups, classes), 1)
    shares = counts / counts.sum(axis=0)
    dealt = np.zeros((n_folds, shares.shape[1]))
    fold_of = np.empty(len(counts), np.intp)
    for group in np.lexsort((rng.random(len(counts)), -counts.sum(axis=1))):
        crowding = (dealt @ shares[group]).round(12)  # equal shares stay equal in any order of sums
        fold_of[group] = np.lexsort((dealt.sum(axis=1).round(12), crowding))[0]
        dealt[fold_of[group]] += shares[group]
    return fold_of[groups]
