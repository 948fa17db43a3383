import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.score_normalisation import (
    CohortScores,
    ScoreNormalisation,
    cohort_scores,
    normalised_scores,
)
from timbrespace.evaluation.vectors import unit_vectors


def unit(rng, n, dimensions=5):
    return unit_vectors(rng.standard_normal((n, dimensions)))


def plainly_normalised(notes, enrolments, cohort, n_nearest):
    """The formula, pair by pair."""

    def nearest(vector):
        return np.sort([vector @ other for other in cohort])[-n_nearest:]

    scores = np.empty((len(notes), len(enrolments)))
    for row, note in enumerate(notes):
        for column, enrolment in enumerate(enrolments):
            sides = [nearest(enrolment), nearest(note)]
            s = note @ enrolment
            scores[row, column] = sum((s - side.mean()) / side.std() for side in sides) / 2
    return scores


@pytest.mark.parametrize("n_nearest", [2, 7, 20])
def test_equals_a_plain_double_loop(rng, n_nearest):
    notes, enrolments, cohort = unit(rng, 11), unit(rng, 3), unit(rng, 20)
    normalise = ScoreNormalisation(notes, cohort, n_nearest=n_nearest)
    found = normalise(notes @ enrolments.T, enrolments)
    expected = plainly_normalised(notes, enrolments, cohort, n_nearest)
    np.testing.assert_allclose(found, expected, rtol=1e-10)  # deviations of two may be small


def test_many_notes_are_taken_in_blocks(rng, monkeypatch):
    notes, enrolments, cohort = unit(rng, 50), unit(rng, 4), unit(rng, 9)
    scores = notes @ enrolments.T
    whole = ScoreNormalisation(notes, cohort, n_nearest=5)(scores.copy(), enrolments)
    monkeypatch.setattr("timbrespace.evaluation.score_normalisation._BLOCK_SCORES", 30)
    parts = ScoreNormalisation(notes, cohort, n_nearest=5)(scores.copy(), enrolments)
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_a_cohort_smaller_than_the_number_asked_for_is_taken_whole(rng):
    notes, enrolments, cohort = unit(rng, 8), unit(rng, 3), unit(rng, 6)
    few, all_of_it = (ScoreNormalisation(notes, cohort, n_nearest=n) for n in (1000, 6))
    assert (few.n_cohort, few.n_nearest) == (6, 6)
    scores = notes @ enrolments.T
    np.testing.assert_array_equal(
        few(scores.copy(), enrolments), all_of_it(scores.copy(), enrolments)
    )


def test_a_cohort_of_equals_takes_the_mean_off_and_divides_by_nothing(rng):
    notes, enrolments = unit(rng, 8), unit(rng, 3)
    cohort = np.repeat(unit(rng, 1), 4, axis=0)
    found = ScoreNormalisation(notes, cohort)(notes @ enrolments.T, enrolments)
    means = (notes @ cohort[0])[:, None] + enrolments @ cohort[0]
    np.testing.assert_allclose(found, notes @ enrolments.T - means / 2, atol=1e-12)


def test_an_enrolment_without_direction_is_finite(rng):
    notes = unit(rng, 4)
    found = ScoreNormalisation(notes, unit(rng, 6))(np.zeros((4, 1)), np.zeros((1, 5)))
    assert np.isfinite(found).all()


def test_ranks_stay_where_all_have_the_same_cohort_scores(rng):
    scores = rng.standard_normal((6, 4))
    same = [CohortScores(np.full(n, 0.3), np.full(n, 0.1)) for n in (6, 4)]
    found = normalised_scores(scores, *same)
    np.testing.assert_array_equal(found.argsort(axis=None), scores.argsort(axis=None))
    np.testing.assert_allclose(found, (scores - 0.3) / 0.1)


def test_scores_of_one_note_keep_their_ranks_where_enrolments_are_alike(rng):
    notes = CohortScores(rng.standard_normal(6), rng.uniform(0.1, 1, 6))
    enrolments = CohortScores(np.full(4, 0.2), np.full(4, 0.5))
    scores = rng.standard_normal((6, 4))
    found = normalised_scores(scores, notes, enrolments)
    np.testing.assert_array_equal(found.argsort(axis=1), scores.argsort(axis=1))


def test_gain_and_order_of_the_cohort_change_nothing(rng):
    notes, enrolments, cohort = unit(rng, 8), unit(rng, 3), unit(rng, 9)
    other = (cohort * rng.uniform(0.1, 10, (9, 1)))[rng.permutation(9)]
    one, two = (
        ScoreNormalisation(notes, vectors, n_nearest=4)(notes @ enrolments.T, enrolments)
        for vectors in (cohort, other)
    )
    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_a_trial_that_is_not_there_stays_away_and_scores_are_kept_unless_given_up(rng):
    scores = rng.standard_normal((3, 2))
    scores[1, 0] = np.nan
    before = scores.copy()
    sides = [CohortScores(rng.standard_normal(n), np.ones(n)) for n in (3, 2)]
    found = normalised_scores(scores, *sides)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(before))
    np.testing.assert_array_equal(scores, before)
    assert normalised_scores(scores, *sides, out=scores) is scores
    np.testing.assert_array_equal(scores, found)


def test_only_the_nearest_count():
    cohort = unit_vectors([[1, 0], [4, 3], [-1, 0], [0, -1]])
    found = cohort_scores(np.array([[1.0, 0.0]]), cohort, n_nearest=2)
    assert (found.mean[0], found.deviation[0]) == pytest.approx((0.9, 0.1))


@pytest.mark.parametrize("shape", [(1, 5), (4, 6)])
def test_a_cohort_that_does_not_fit_is_refused(rng, shape):
    with pytest.raises(InputError, match=f"of 5 values .* it has {shape[0]} of {shape[1]}"):
        ScoreNormalisation(unit(rng, 3), rng.standard_normal(shape))


def test_a_deviation_of_one_is_refused(rng):
    with pytest.raises(ConfigError, match="cohort_nearest must be at least 2, got 1"):
        ScoreNormalisation(unit(rng, 3), unit(rng, 4), n_nearest=1)
