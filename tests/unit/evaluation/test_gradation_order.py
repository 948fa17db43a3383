import numpy as np
import pytest
from scipy.stats import spearmanr

from timbrespace.evaluation.gradation_order import kind_centres, order_agreement
from timbrespace.evaluation.vectors import unit_vectors


def table(rng, n):
    half = rng.random((n, n))
    return half + half.T


def test_each_instrument_counts_alike_in_the_centre_of_its_kind():
    unit = unit_vectors([[1, 0]] * 9 + [[0, 1]])
    centres = kind_centres(unit, np.array([0] * 9 + [1]), np.array([0, 0]))
    np.testing.assert_allclose(centres, [[0.5**0.5, 0.5**0.5]])


def test_order_in_one_group_is_spearmans_correlation(rng):
    ours, theirs = table(rng, 9), np.round(table(rng, 9), 1)  # with ties
    pairs = np.triu_indices(9, 1)
    found = order_agreement(ours, theirs, np.zeros(9, int))
    assert found.correlation == pytest.approx(spearmanr(ours[pairs], theirs[pairs]).statistic)
    assert (found.n_kinds, found.n_pairs) == (9, 36)
    assert found.p_value > 0.01


def test_the_same_order_is_found_and_is_no_chance(rng):
    distances = table(rng, 9)
    found = order_agreement(distances**3, distances, np.zeros(9, int))
    assert found.correlation == pytest.approx(1)
    assert found.p_value < 0.001
    opposite = order_agreement(-distances, distances, np.zeros(9, int))
    assert (opposite.correlation, opposite.p_value) == pytest.approx((-1, 1))


def test_only_order_inside_groups_counts(rng):
    groups = np.array([0, 0, 0, 0, 1, 1, 1, 2])
    theirs = table(rng, 8)
    shift = 10.0 * (groups[:, None] == 1) * (groups == 1)  # all of one group far, the order kept
    other = rng.random((8, 8)) * (groups[:, None] != groups)
    found = order_agreement(theirs + shift + other, theirs, groups)
    assert found.correlation == pytest.approx(1)
    assert (found.n_kinds, found.n_pairs) == (7, 9)


@pytest.mark.parametrize("groups", [[0, 0, 0], [0, 1, 2]])
def test_without_an_order_there_is_no_agreement(groups):
    assert order_agreement(np.zeros((3, 3)), np.eye(3), np.array(groups)) is None
