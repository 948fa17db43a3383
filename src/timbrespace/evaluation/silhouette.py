"""How well groups of sounds stand apart.

Comes in: one vector and one label for each sound. Goes out: a number from -1 to 1, 1 is best.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.labels import checked_labels
from timbrespace.evaluation.vectors import unit_vectors


def silhouette(vectors: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Mean over sounds of (b - a) / max(a, b), by cosine distance.

    a is the mean distance to the other sounds of its label, b that to the sounds of the nearest
    other label. A sound that has its label alone counts 0. Since the mean cosine with a group is
    the cosine with its mean, no table of distances is made.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        labels: the label of each sound, two different ones or more; (sounds,).

    Returns:
        1: groups are points apart; 0: they lie in each other; below 0: others are nearer.

    Raises:
        InputError: all labels are equal, vectors and labels differ in number, a label is None, or
            a vector has no direction.

    Example:
        >>> silhouette([[1, 0], [2, 0], [0, 1], [0, 3]], ["a", "a", "b", "b"])
        1.0

    Source: Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7.
    """
    unit = unit_vectors(vectors)
    names, codes = np.unique(checked_labels(labels, len(unit)), return_inverse=True)
    if len(names) < 2:
        raise InputError(f"a silhouette needs two or more labels, found {names.tolist()}.")
    counts = np.bincount(codes)
    sums = np.zeros((len(names), unit.shape[1]))
    np.add.at(sums, codes, unit)
    distance = counts - unit @ sums.T  # summed over each label's sounds; itself adds 0
    own = np.arange(len(unit)), codes
    within = distance[own] / np.maximum(counts[codes] - 1, 1)
    distance[own] = np.inf
    between = (distance / counts).min(axis=1)
    widest = np.maximum(within, between)
    apart = (counts[codes] > 1) & (widest > 0)
    return float(np.where(apart, (between - within) / np.where(apart, widest, 1), 0).mean())
