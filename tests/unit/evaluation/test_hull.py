import numpy as np
import pytest

from timbrespace.evaluation.error_rates import rocch
from timbrespace.evaluation.hull import convex_hull, equal_error, error_counts


def test_counts_start_with_accepting_and_end_with_rejecting_all(rng):
    counts = error_counts(rng.random(7), rng.random(9))
    assert (counts.missed[0], counts.accepted[0], counts.threshold[0]) == (0, 9, -np.inf)
    assert (counts.missed[-1], counts.accepted[-1], counts.threshold[-1]) == (7, 0, np.inf)


def test_weighted_counts_equal_repeated_trials(rng):
    target, nontarget = np.sort(rng.random(12)), np.sort(rng.random(15))
    weights, other_weights = rng.integers(0, 4, 12), rng.integers(0, 4, 15)
    counts = error_counts(target, nontarget)
    missed = np.r_[0, weights.cumsum()][counts.missed]
    rejected = np.r_[0, other_weights.cumsum()][15 - counts.accepted]
    ours = convex_hull(missed, other_weights.sum() - rejected)
    theirs = rocch(np.repeat(target, weights), np.repeat(nontarget, other_weights))
    np.testing.assert_allclose(ours, theirs, atol=1e-15)


def test_equal_error_lies_on_the_edge_that_crosses_the_diagonal():
    crossing = equal_error(np.array([0.0, 0.1, 0.5, 1.0]), np.array([1.0, 0.4, 0.2, 0.0]))
    assert crossing == pytest.approx(0.3)  # from (0.4, 0.1) to (0.2, 0.5)
