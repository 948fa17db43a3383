import numpy as np
import pytest
from sklearn import metrics

from timbrespace.errors import InputError
from timbrespace.evaluation.tagging import (
    best_thresholds,
    f1_scores,
    label_ranking_average_precision,
    tag_average_precision,
)

SCORED = [best_thresholds, tag_average_precision, label_ranking_average_precision]


@pytest.fixture
def tags(rng):
    """Truth with at least one tag a sound, and scores with ties that know something of it."""
    truth = rng.random((60, 7)) < 0.3
    truth[np.arange(60), np.arange(60) % 7] = True
    return truth, (truth + rng.standard_normal(truth.shape)).round(1)


def test_f1_agrees_with_scikit_learn(tags):
    truth, scores = tags
    ours = f1_scores(truth, scores > 0.5)
    assert ours.micro == pytest.approx(metrics.f1_score(truth, scores > 0.5, average="micro"))
    assert ours.macro == pytest.approx(metrics.f1_score(truth, scores > 0.5, average="macro"))
    np.testing.assert_allclose(ours.per_tag, metrics.f1_score(truth, scores > 0.5, average=None))


def test_average_precision_agrees_with_scikit_learn(tags):
    truth, scores = tags
    theirs = metrics.average_precision_score(truth, scores, average=None)
    np.testing.assert_allclose(tag_average_precision(truth, scores), theirs)


def test_label_ranking_agrees_with_scikit_learn(tags):
    theirs = metrics.label_ranking_average_precision_score(*tags)
    assert label_ranking_average_precision(*tags) == pytest.approx(theirs)


def test_unknown_cells_are_as_if_they_were_not_there(tags, rng):
    truth, scores = tags
    mask = rng.random(truth.shape) < 0.6
    for k, ours in enumerate(tag_average_precision(truth, scores, mask)):
        known = mask[:, k]
        theirs = metrics.average_precision_score(truth[known, k], scores[known, k])
        assert ours == pytest.approx(theirs)
    per_tag = f1_scores(truth, scores > 0.5, mask).per_tag
    known = mask[:, 2]
    assert per_tag[2] == pytest.approx(metrics.f1_score(truth[known, 2], scores[known, 2] > 0.5))


@pytest.mark.parametrize("measure", [*SCORED, f1_scores])
def test_values_behind_the_mask_are_never_looked_at(measure, tags, rng):
    truth, scores = tags
    mask = rng.random(truth.shape) < 0.6
    expected = measure(truth, scores, mask)
    other_truth = np.where(mask, truth, ~truth)
    other_scores = np.where(mask, scores, -scores)
    if measure is f1_scores:
        expected = measure(truth, scores > 0, mask).per_tag
        found = measure(other_truth, other_scores > 0, mask).per_tag
    else:
        found = measure(other_truth, other_scores, mask)
    np.testing.assert_array_equal(found, expected)


def test_thresholds_are_the_best_of_all(tags):
    truth, scores = tags
    chosen = f1_scores(truth, scores >= best_thresholds(truth, scores)).per_tag
    for threshold in np.unique(scores):
        assert (f1_scores(truth, scores >= threshold).per_tag <= chosen + 1e-12).all()


def test_a_threshold_takes_equal_scores_together():
    """Cutting between the equal scores would look better, and cannot be done."""
    assert best_thresholds([[1], [0], [0], [0], [1]], [[2], [2], [2], [2], [1]]) == [1]


def test_perfect_scores(tags):
    truth, _ = tags
    assert f1_scores(truth, truth).macro == 1
    assert label_ranking_average_precision(truth, truth) == 1
    assert (tag_average_precision(truth, truth) == 1).all()


def test_a_tag_that_is_nowhere():
    truth, scores = [[1, 0], [0, 0]], [[0.9, 0.3], [0.1, 0.2]]
    np.testing.assert_array_equal(tag_average_precision(truth, scores), [1, np.nan])
    assert best_thresholds(truth, scores).tolist() == [0.9, np.inf]
    ours = f1_scores(truth, truth)
    np.testing.assert_array_equal(ours.per_tag, [1, np.nan])
    assert ours.macro == 1
    assert f1_scores(truth, [[1, 1], [0, 0]]).per_tag[1] == 0


def test_sounds_without_tags_are_left_out_of_the_label_ranking():
    assert label_ranking_average_precision([[1, 0], [0, 0]], [[1, 2], [1, 2]]) == 0.5
    assert np.isnan(label_ranking_average_precision([[0, 0]], [[1, 2]]))


@pytest.mark.parametrize("measure", SCORED)
def test_scores_that_do_not_fit_are_refused(measure, tags):
    truth, scores = tags
    with pytest.raises(InputError, match="scores"):
        measure(truth, scores[:, 1:])
    with pytest.raises(InputError, match="NaN"):
        measure(truth, np.where(scores > 0, scores, np.nan))


@pytest.mark.parametrize("measure", [*SCORED, f1_scores])
def test_truth_and_mask_that_do_not_fit_are_refused(measure, tags):
    truth, scores = tags
    with pytest.raises(InputError, match="mask"):
        measure(truth, scores, truth[1:])
    with pytest.raises(InputError, match="truth must be"):
        measure(truth[0], scores)


def test_decisions_that_do_not_fit_are_refused(tags):
    with pytest.raises(InputError, match="predicted"):
        f1_scores(tags[0], tags[0][1:])
