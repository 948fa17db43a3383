import numpy as np
import pytest
from sklearn import metrics

from timbrespace.errors import InputError
from timbrespace.evaluation.tagging import f1_scores
from timbrespace.evaluation.tagging_figures import (
    confusion_figure,
    curves_figure,
    fractions_figure,
    per_tag_figure,
    reliability_figure,
)
from timbrespace.evaluation.tagging_results import (
    chosen_threshold,
    chosen_thresholds,
    score_tags,
    scores_by_count,
    tag_confusion,
    tag_curves,
    tag_reliability,
)
from timbrespace.evaluation.tagging_significance import f1_difference


@pytest.fixture
def judged(rng):
    truth = rng.random((80, 4)) < 0.4
    scores = np.clip(0.3 * truth + 0.7 * rng.random((80, 4)), 0, 1).round(2)
    return truth, scores


def test_perfect_scores():
    truth = np.array([[1, 0], [0, 1], [1, 1]])
    found = score_tags(truth, truth.astype(float), 0.5)
    assert (found.f1_micro, found.f1_macro, found.lrap) == (1, 1, 1)
    assert (found.mean_average_precision, found.calibration_error) == (1, 0)
    assert found.auc.tolist() == [1, 1]


def test_areas_agree_with_scikit_learn(judged):
    truth, scores = judged
    theirs = metrics.roc_auc_score(truth, scores, average=None)
    np.testing.assert_allclose(score_tags(truth, scores, 0.5).auc, theirs)


def test_what_is_unknown_is_as_if_it_were_not_there(judged, rng):
    truth, scores = judged
    mask = rng.random(truth.shape) < 0.7
    wrong = np.where(mask, truth, ~truth)
    one, other = (score_tags(t, scores, 0.5, mask).as_record() for t in (truth, wrong))
    for key, value in one.items():
        np.testing.assert_equal(value, other[key])


def test_chosen_thresholds_give_the_best_f1_and_lie_between_scores(judged):
    truth, scores = judged
    chosen = chosen_thresholds(truth, scores)
    best = f1_scores(truth, scores >= chosen).per_tag
    for threshold in np.linspace(0, 1, 201):
        assert (f1_scores(truth, scores >= threshold).per_tag <= best + 1e-12).all()
    one = chosen_threshold(truth, scores)
    micro = f1_scores(truth, scores >= one).micro
    assert all(f1_scores(truth, scores >= t).micro <= micro for t in np.linspace(0, 1, 201))
    assert not np.isin(one, scores)


def test_a_tag_that_is_nowhere_is_never_said():
    assert chosen_thresholds([[0], [0]], [[0.2], [0.9]]).tolist() == [np.inf]
    false_alarms, hits = tag_curves([[0], [0]], [[0.2], [0.9]])[0]
    assert np.isnan(hits).all()
    assert not np.isnan(false_alarms).any()


def test_confusion_counts_what_is_not_there_only():
    truth = np.array([[1, 0], [1, 1], [0, 1]])
    said = np.array([[1, 1], [0, 1], [0, 1]])
    np.testing.assert_equal(tag_confusion(truth, said), [[0.5, 1.0], [0.0, 1.0]])


def test_probabilities_are_calibrated_and_squared_ones_are_not(rng):
    scores = rng.random((20_000, 1))
    truth = rng.random((20_000, 1)) < scores
    assert tag_reliability(truth, scores).error < 0.02
    assert tag_reliability(truth, scores**2).error > 0.1


def test_sounds_are_parted_by_how_many_tags_they_have(judged):
    truth, scores = judged
    parts = scores_by_count(truth, scores, 0.5)
    assert sum(part.n_sounds for part in parts.values()) == len(truth)
    assert list(parts) == sorted(set(truth.sum(1)))


@pytest.mark.parametrize(
    "arguments",
    [([[1]], [[0.5, 0.5]], 0.5), ([[1]], [[2.0]], 0.5), ([[1]], [[np.nan]], 0.5), ([], [], 0.5)],
)
def test_what_does_not_fit_is_refused(arguments):
    with pytest.raises(InputError):
        score_tags(*arguments)


def test_a_better_tagger_is_better_and_an_equal_one_is_not(rng):
    truth = rng.random((300, 5)) < 0.3
    noise = [rng.random((2, 300, 5)) < share for share in (0.05, 0.2, 0.2)]
    good, bad, as_bad = (truth ^ part for part in noise)
    options = {"known": np.ones_like(truth), "groups": np.arange(300) // 3}
    found = f1_difference(truth, good, bad, **options)
    assert found.is_significant
    assert found.low < found.mean < found.high
    one, other = (f1_scores(truth, run).micro for run in (good[0], bad[0]))
    single = f1_difference(truth, good[:1], bad[:1], **options)
    assert single.mean == pytest.approx(one - other)
    assert not f1_difference(truth, bad, as_bad, **options).is_significant
    with pytest.raises(InputError, match="same sounds"):
        f1_difference(truth[:5], good, bad, **options)


def test_figures_are_drawn_with_any_names(judged):
    truth, scores = judged
    tags = ["$x", "_y", "z", "w"]
    found = score_tags(truth, scores, 0.5)
    for figure in (
        curves_figure(tag_curves(truth, scores), found.auc, tags),
        confusion_figure(tag_confusion(truth, scores > 0.5), tags),
        reliability_figure({"_a": tag_reliability(truth, scores)}),
        fractions_figure({"$a": {0.5: [0.1, 0.2], 1.0: [0.3]}}, label="F1"),
        per_tag_figure({"_a": found.f1_per_tag}, tags),
    ):
        figure.draw_without_rendering()


def test_a_tag_that_is_known_nowhere_is_not_judged(rng):
    truth, scores = rng.random((20, 2)) < 0.5, rng.random((20, 2))
    mask = np.array([[True, False]] * 20)
    found = score_tags(truth, scores, 0.5, mask)
    alone = score_tags(truth[:, :1], scores[:, :1], 0.5)
    assert (found.f1_micro, found.auc[0]) == (alone.f1_micro, alone.auc[0])
    assert np.isnan([found.auc[1], found.f1_per_tag[1], found.average_precision[1]]).all()


@pytest.mark.filterwarnings("error")
def test_figures_show_what_is_not_known_as_unknown():
    truth, scores = np.array([[1, 0], [0, 0], [1, 0]]), np.array([[0.9, 0.1], [0.2, 0.6], [0.8, 0]])
    tags = ["flute", "clarinet"]
    curves = curves_figure(tag_curves(truth, scores), score_tags(truth, scores, 0.5).auc, tags)
    assert [text.get_text() for text in curves.legends[0].get_texts()] == ["flute 1.00"]
    assert len(curves.axes[0].lines) == 2  # with the diagonal
    confusion = confusion_figure(tag_confusion(truth, scores > 0.5), tags)
    image = confusion.axes[0].images[0].get_array()
    assert np.ma.getmaskarray(image).tolist() == [[False, False], [True, True]]
    assert [text.get_text() for text in confusion.axes[0].texts] == ["100", "0", "–", "–"]
    curves_figure([], np.array([]), []).draw_without_rendering()
