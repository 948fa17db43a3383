import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.significance import Comparison
from timbrespace.evaluation.verification import verify
from timbrespace.evaluation.verification_figures import histogram_figure, significance_figure


def test_scores_are_drawn_with_area_one(rng):
    centres, labels = np.repeat(np.eye(3), 20, axis=0), np.repeat(list("abc"), 20)
    found = verify(centres + 0.5 * rng.standard_normal(centres.shape), labels, repeats=2)
    axes = histogram_figure({"one": found, "two": found}).axes
    assert [panel.get_title(loc="left") for panel in axes] == [
        f"{name}: EER {100 * found.eer:.2f} %" for name in ("one", "two")
    ]
    for stairs in axes[0].patches:
        density, edges, _ = stairs.get_data()
        assert np.sum(density * np.diff(edges)) == pytest.approx(1)


def pairs(*p_values):
    names = (("a", "b"), ("a", "c"), ("b", "c"))
    return [Comparison(*two, -1.0, p, p) for two, p in zip(names, p_values, strict=True)]


def test_significant_pairs_are_shaded_below_and_above_the_diagonal():
    eers = {"a": 0.1, "b": 0.2, "c": 0.3}
    figure = significance_figure(eers, pairs(0.04, 0.06, 1.0), pairs(1.0, 0.001, 0.2))
    shown = np.asarray(figure.axes[0].images[0].get_array())
    expected = [[0, 0, -1], [1, 0, 0], [0, 0, 0]]  # b is worse than a by trials, a better than c
    np.testing.assert_array_equal(shown, expected)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["a  10.00 %", "b  20.00 %", "c  30.00 %"]


def test_figures_need_systems():
    with pytest.raises(InputError, match="at least one"):
        histogram_figure({})
    with pytest.raises(InputError, match="two or more"):
        significance_figure({"a": 0.1}, [], [])


def test_normalised_scores_have_an_axis_of_their_own(rng):
    centres, labels = np.repeat(np.eye(3), 20, axis=0), np.repeat(list("abc"), 20)
    vectors = centres + 0.5 * rng.standard_normal(centres.shape)
    cosines = verify(vectors, labels, repeats=2)
    deviations = verify(vectors, labels, repeats=2, cohort=rng.standard_normal((30, 3)))
    axes = histogram_figure({"one": cosines, "two": deviations, "three": cosines}).axes
    labelled = [panel.get_xlabel() for panel in axes]
    assert labelled == ["", "normalised score", "cosine of note and enrolment"]
    assert axes[0].get_xlim() == axes[2].get_xlim() != axes[1].get_xlim()
    assert axes[0].get_xlim()[1] == 1
