from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.error_rates import det_curve, eer, eer_threshold, min_dcf, rocch

scores = st.lists(st.integers(-50, 50), min_size=1, max_size=12)
MEASURES = [det_curve, rocch, eer, eer_threshold, min_dcf]


def rates_at(target, nontarget, threshold):
    """p_miss and p_fa by counting, the definition."""
    return np.mean(np.less(target, threshold)), np.mean(np.greater_equal(nontarget, threshold))


def eer_by_search(target, nontarget):
    """Lowest equal error of any mix of two thresholds: the hull without a hull."""
    thresholds = [*sorted({*target, *nontarget}), np.inf]
    points = [rates_at(target, nontarget, threshold) for threshold in thresholds]
    equal = [miss for miss, fa in points if miss == fa]
    for (miss, fa), (other_miss, other_fa) in combinations(points, 2):
        below, above = miss - fa, other_miss - other_fa
        if below * above < 0:
            share = below / (below - above)
            equal.append(miss + share * (other_miss - miss))
    return min(equal)


@settings(max_examples=300, deadline=None)
@given(scores, scores)
def test_eer_is_the_best_mix_of_two_thresholds(target, nontarget):
    assert eer(target, nontarget) == pytest.approx(eer_by_search(target, nontarget), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(scores, scores, st.floats(0.01, 10), st.integers(-1000, 1000))
def test_eer_depends_on_order_only(target, nontarget, scale, shift):
    target, nontarget = np.array(target), np.array(nontarget)
    expected = eer(target, nontarget)
    assert eer(target * scale + shift, nontarget * scale + shift) == expected
    assert eer(np.arctan(target), np.arctan(nontarget)) == expected


@settings(max_examples=100, deadline=None)
@given(scores, scores)
def test_eer_is_equal_when_scores_and_roles_are_reversed(target, nontarget):
    swapped = eer(np.negative(nontarget), np.negative(target))
    assert swapped == pytest.approx(eer(target, nontarget), abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(scores, scores)
def test_det_curve_counts_errors_at_each_threshold(target, nontarget):
    curve = det_curve(target, nontarget)
    counted = [rates_at(target, nontarget, threshold) for threshold in curve.threshold[1:-1]]
    np.testing.assert_array_equal(np.c_[curve.p_miss, curve.p_fa][1:-1], counted)
    assert (np.diff(curve.p_miss) >= 0).all()
    assert (np.diff(curve.p_fa) <= 0).all()


@settings(max_examples=200, deadline=None)
@given(scores, scores)
def test_hull_is_convex_and_below_the_det_curve(target, nontarget):
    p_miss, p_fa = rocch(target, nontarget)
    rise, run = np.diff(p_miss), -np.diff(p_fa)
    assert (rise[1:] * run[:-1] >= rise[:-1] * run[1:] - 1e-12).all()
    curve = det_curve(target, nontarget)
    at_curve = np.interp(curve.p_fa, p_fa[::-1], p_miss[::-1])
    # where the hull drops straight down, interpolation may give its upper end
    inside = (curve.p_fa > 0) & (curve.p_fa < 1)
    assert (at_curve <= curve.p_miss + 1e-12)[inside].all()


@pytest.mark.parametrize(
    ("target", "nontarget", "expected"),
    [
        ([2, 3], [0, 1], 0.0),
        ([0, 1], [2, 3], 0.5),
        ([1, 1], [1, 1, 1], 0.5),
        ([1], [0], 0.0),
        ([0, 1], [0, 1], 0.5),
        ([1, 4, 5], [0, 2, 3], 2 / 9),
    ],
    ids=["perfect", "reversed", "constant", "one each", "same scores", "interpolation says 1/3"],
)
def test_eer_of_known_scores(target, nontarget, expected):
    assert eer(target, nontarget) == pytest.approx(expected, abs=1e-15)


def test_scores_without_information_are_near_chance(rng):
    assert 0.48 < eer(rng.random(5_000), rng.random(20_000)) <= 0.5


def test_threshold_makes_both_errors_equal(rng):
    target, nontarget = rng.normal(1, 1, 2_000), rng.normal(-1, 1, 3_000)
    threshold = eer_threshold(target, nontarget)
    p_miss, p_fa = rates_at(target, nontarget, threshold)
    assert abs(p_miss - p_fa) <= 1 / 2_000
    assert abs(threshold) < 0.1  # by symmetry it is 0


def test_min_dcf_is_the_lowest_cost_of_all_thresholds(rng):
    target, nontarget = rng.normal(1, 1, 200), rng.normal(-1, 1, 300)
    costs = [
        (0.05 * 10 * miss + 0.95 * 2 * fa) / min(0.05 * 10, 0.95 * 2)
        for miss, fa in (
            rates_at(target, nontarget, threshold) for threshold in [*target, *nontarget, np.inf]
        )
    ]
    ours = min_dcf(target, nontarget, p_target=0.05, c_miss=10, c_fa=2)
    assert ours == pytest.approx(min(costs), abs=1e-12)


def test_min_dcf_never_exceeds_that_of_not_listening():
    assert min_dcf([0, 1], [2, 3]) == 1.0


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([], "non-empty"),
        ([[1.0, 2.0]], "one non-empty row"),
        ([1.0, np.nan, 2.0], "finite"),
        ([np.nan], "finite"),
        ([np.inf, 0.0], "finite"),
        ([-np.inf, 0.0], "finite"),
    ],
)
def test_unusable_scores_are_refused(measure, scores, message):
    with pytest.raises(InputError, match=f"^target.*{message}"):
        measure(scores, [0.0])
    with pytest.raises(InputError, match=f"^nontarget.*{message}"):
        measure([0.0], scores)


@pytest.mark.parametrize("wrong", [{"p_target": 0}, {"p_target": 1}, {"c_miss": 0}, {"c_fa": -1}])
def test_min_dcf_refuses_impossible_costs(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        min_dcf([1.0], [0.0], **wrong)


def test_callers_scores_stay_as_they_are():
    target = np.array([3.0, 1.0, 2.0])
    eer(target, target)
    np.testing.assert_array_equal(target, [3.0, 1.0, 2.0])
