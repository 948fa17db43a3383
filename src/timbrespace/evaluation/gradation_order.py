"""Centres of kinds, and whether their distances are in an order that is known.

Comes in: unit vectors of sounds, or two tables of how far kinds lie apart. Goes out: unit vectors
of kinds, or a rank correlation from -1 to 1, where 0 is chance.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from timbrespace.evaluation.protocols import Codes
from timbrespace.evaluation.vectors import Vectors, unit_vectors

_PERMUTATIONS = 2000


class Order(NamedTuple):
    """How well one order of pairs follows another.

    Attributes:
        correlation: Spearman's, of all pairs or, ranked within each group, of the pairs in groups.
        p_value: share of shuffles of the kinds, within their groups, that follow it as well.
        n_kinds: kinds that are in a pair.
        n_pairs: pairs of kinds.
    """

    correlation: float
    p_value: float
    n_kinds: int
    n_pairs: int


def kind_centres(unit: Vectors, instruments: Codes, kinds: Codes) -> Vectors:
    """Mean direction of each kind, in which each of its instruments counts alike.

    Args:
        unit: vectors of length 1; (sounds, dimensions).
        instruments: 0 … n-1, of each sound; (sounds,).
        kinds: 0 … m-1, of each instrument; (n,).

    Returns:
        Unit vectors; (m, dimensions).
    """
    return _mean_directions(_mean_directions(unit, instruments), kinds)


def order_agreement(distances: Vectors, reference: Vectors, groups: Codes) -> Order | None:
    """Rank correlation of two tables of distances, over the pairs of kinds within groups.

    Ranks are taken within each group and scaled to its number of pairs, so that only the order
    inside groups counts; with one group for all kinds it is Spearman's correlation. The chance of
    a correlation as high is found by shuffling kinds (a Mantel test), since pairs that share a kind
    are no independent sample.

    Args:
        distances: symmetric; (kinds, kinds).
        reference: symmetric; (kinds, kinds).
        groups: of each kind; (kinds,).

    Returns:
        None if in no group either table has an order: too few kinds, or all as far.

    Source: Mantel 1967, "The detection of disease clustering and a generalized regression
    approach", Cancer Research 27.
    """
    first, second = np.triu_indices(len(groups), 1)
    within = groups[first] == groups[second]
    pairs = first[within], second[within]
    ours, theirs = (_ranks(table, pairs, groups) for table in (distances, reference))
    scale = np.sqrt((ours[pairs] ** 2).sum() * (theirs[pairs] ** 2).sum())
    if not scale:
        return None
    rng = np.random.default_rng(0)
    shuffled = np.empty(_PERMUTATIONS)
    for k in range(_PERMUTATIONS):
        kinds = _shuffled_within(groups, rng)
        shuffled[k] = ours[pairs] @ theirs[kinds[pairs[0]], kinds[pairs[1]]]
    observed = ours[pairs] @ theirs[pairs]
    as_high = int((shuffled >= observed - 1e-9 * scale).sum())
    p_value = (1 + as_high) / (1 + _PERMUTATIONS)
    return Order(float(observed / scale), p_value, np.unique(pairs).size, pairs[0].size)


def _ranks(table: Vectors, pairs: tuple[Codes, Codes], groups: Codes) -> Vectors:
    """Rank of each pair in its group, from -0.5 to 0.5, as a symmetric table."""
    ranks = np.zeros_like(table, dtype=np.float64)
    group_of_pair = groups[pairs[0]]
    for group in np.unique(group_of_pair):
        rows, columns = (side[group_of_pair == group] for side in pairs)
        rank = rankdata(table[rows, columns])
        ranks[rows, columns] = ranks[columns, rows] = (rank - rank.mean()) / rank.size
    return ranks


def _shuffled_within(groups: Codes, rng: np.random.Generator) -> Codes:
    """Kinds in another order, each in a place of its own group."""
    places = np.argsort(groups, kind="stable")
    drawn = np.lexsort((rng.random(groups.size), groups))
    shuffled = np.empty_like(places)
    shuffled[places] = drawn
    return shuffled


def _mean_directions(vectors: Vectors, codes: Codes) -> Vectors:
    sums = np.zeros((codes.max() + 1, vectors.shape[1]))
    np.add.at(sums, codes, vectors)
    return unit_vectors(sums)
