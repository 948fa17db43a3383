import numpy as np
import pytest

from timbrespace.evaluation.protocols import exhaustive_scores, paper_scores, pool_trials
from timbrespace.evaluation.vectors import unit_vectors

CODES = np.repeat([0, 1, 2], [8, 11, 9])
OWN = CODES[:, None] == np.arange(3)


def exhaustive(unit, rng):
    return exhaustive_scores(unit, CODES, enrolment_notes=3, rng=rng)


def paper(unit, rng):
    return paper_scores(unit, CODES, enrolment_notes=3, pool_notes=5, rng=rng)


both = pytest.mark.parametrize("protocol", [exhaustive, paper])


def there(scores):
    return ~np.isnan(scores)


@both
def test_enrolled_notes_are_in_no_trial(protocol, rng):
    """With notes at right angles, only a note that enrols has a cosine above 0."""
    scores = protocol(np.eye(CODES.size), rng)
    assert not scores[there(scores)].any()


@both
def test_targets_are_of_one_instrument_and_nontargets_of_two(protocol, rng):
    scores = protocol(np.eye(3)[CODES], rng)
    np.testing.assert_allclose(scores[there(scores)], OWN[there(scores)])


@both
def test_a_seed_gives_its_own_trials_each_time(protocol, rng):
    unit = unit_vectors(rng.standard_normal((CODES.size, 4)))
    first, again, other = (protocol(unit, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(there(first), there(other))


def test_exhaustive_compares_every_other_note_with_every_instrument(rng):
    trials = there(exhaustive(unit_vectors(rng.standard_normal((CODES.size, 4))), rng))
    assert np.bincount(CODES[trials.all(axis=1)]).tolist() == [5, 8, 6]
    assert trials.any(axis=1).sum() == 19


def test_paper_pools_are_equal_and_without_repetition(rng):
    trials = there(paper(unit_vectors(rng.standard_normal((CODES.size, 4))), rng))
    assert (trials & OWN).sum(axis=0).tolist() == [5, 5, 5]
    assert (trials & ~OWN).sum(axis=0).tolist() == [5, 5, 5]


def test_paper_draws_nontargets_from_all_other_instruments(rng):
    trials = np.any([there(paper(np.eye(3)[CODES], rng)) for _ in range(5)], axis=0)
    others = [set(CODES[trials[:, code]].tolist()) for code in range(3)]
    assert others == [{0, 1, 2}] * 3


def test_an_enrolment_is_the_mean_of_unit_vectors(rng):
    """With three notes the one that is left tells which two enrol; a long one weighs no more."""
    vectors = [[9.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 4.0]]
    unit = unit_vectors([*vectors, *(3 * [[1.0, 1.0, 1.0]])])
    scores = exhaustive_scores(unit, np.array([0, 0, 0, 1, 1, 1]), enrolment_notes=2, rng=rng)
    left = np.nanargmax(scores[3:, 0]) + 3
    assert scores[left, 0] == pytest.approx((2 / 3) ** 0.5)  # (1, 1, 0) and (1, 1, 1)


def test_an_enrolment_that_cancels_out_scores_nothing(rng):
    unit = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.6, 0.8]])
    codes = np.array([0, 0, 1, 1, 1])
    scores = exhaustive_scores(unit, codes, enrolment_notes=2, rng=rng)
    assert not scores[there(scores[:, 0]), 0].any()


@both
def test_pooled_trials_are_all_trials(protocol, rng):
    scores = protocol(unit_vectors(rng.standard_normal((CODES.size, 4))), rng)
    expected = [np.sort(scores[there(scores) & kind]) for kind in (OWN, ~OWN)]
    pooled = pool_trials(scores, CODES)
    np.testing.assert_array_equal(np.sort(pooled.target), expected[0])
    np.testing.assert_array_equal(np.sort(pooled.nontarget), expected[1])
