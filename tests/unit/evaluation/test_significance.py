import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.multitest import multipletests

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.significance import (
    compare_by_instrument,
    compare_systems,
    eer_variance,
    eer_z,
    holm,
    paired_permutation_p,
)

TRIALS = {"n_target": 1060, "n_nontarget": 1060}


def test_z_of_a_worked_example():
    """0.05 / sqrt((0.2 * 0.8 + 0.15 * 0.85) / 4 * (1 / 400 + 1 / 1200))"""
    assert eer_z(0.2, 0.15, n_target=400, n_nontarget=1200) == pytest.approx(3.230291, abs=1e-6)


def test_z_agrees_with_simulated_luck(rng):
    """Two equally good systems on independent trials: z is standard normal."""
    luck = [
        eer_z(*rng.binomial(4_000, 0.1, 2) / 4_000, n_target=2_000, n_nontarget=2_000)
        for _ in range(2_000)
    ]
    assert np.std(luck) == pytest.approx(1, abs=0.06)


def test_z_changes_sign_with_the_order():
    assert eer_z(0.1, 0.2, **TRIALS) == -eer_z(0.2, 0.1, **TRIALS)


def test_equal_rates_have_no_difference():
    assert eer_z(0.0, 0.0, **TRIALS) == 0
    assert compare_systems({"a": 0.2, "b": 0.2}, **TRIALS)[0].p == 1


def test_p_is_that_of_both_tails():
    found = compare_systems({"a": 0.22, "b": 0.2}, **TRIALS)[0]
    assert found.p == pytest.approx(2 * scipy.stats.norm.sf(abs(found.statistic)))


def test_every_pair_is_compared_and_adjusted_together():
    found = compare_systems({"a": 0.1, "b": 0.12, "c": 0.3}, **TRIALS)
    assert [(pair.first, pair.second) for pair in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [pair.p_adjusted for pair in found] == holm([pair.p for pair in found]).tolist()
    assert [pair.p_adjusted < 0.01 for pair in found] == [False, True, True]


@pytest.mark.parametrize("n_comparisons", [1, 2, 10, 45])
def test_holm_agrees_with_statsmodels(rng, n_comparisons):
    p_values = rng.choice([0.0, 1e-4, 0.01, 0.3, 1.0, *rng.random(5)], n_comparisons)
    theirs = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(holm(p_values), theirs, rtol=1e-12)


def test_exact_permutation_agrees_with_scipy(rng):
    first, second = rng.random(9), rng.random(9)
    theirs = scipy.stats.permutation_test(
        (first, second), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=2**9
    )
    assert paired_permutation_p(first, second) == pytest.approx(theirs.pvalue)


def test_random_permutations_approach_the_exact(rng):
    first, second = rng.random(12), rng.random(12) + 0.15
    exact = paired_permutation_p(first, second)
    drawn = paired_permutation_p(first, second, n_permutations=2_000)
    assert drawn == pytest.approx(exact, abs=0.04)
    assert drawn != exact


def test_permutation_ignores_which_system_is_first(rng):
    first, second = rng.random(20), rng.random(20)
    assert paired_permutation_p(first, second) == paired_permutation_p(second, first)


def test_equal_systems_have_p_one():
    assert paired_permutation_p([0.1, 0.2], [0.1, 0.2]) == 1


def test_random_p_is_never_zero():
    assert paired_permutation_p(np.zeros(40), np.ones(40), n_permutations=99) == 1 / 100


def test_pairs_are_permuted_and_adjusted_together(rng):
    eers = {name: 0.2 * rng.random(9) + shift for name, shift in (("a", 0), ("b", 0.1), ("c", 0))}
    found = compare_by_instrument(eers)
    p = [paired_permutation_p(eers[pair.first], eers[pair.second]) for pair in found]
    assert [pair.p for pair in found] == p
    np.testing.assert_allclose(
        [pair.p_adjusted for pair in found], multipletests(p, method="holm")[1]
    )
    assert found[0].statistic == pytest.approx(np.mean(eers["a"]) - np.mean(eers["b"]))


def test_variance_is_that_of_the_mean_of_both_errors(rng):
    """Misses and false alarms of independent trials, drawn many times."""
    miss, false_alarm = rng.binomial(60, 0.2, 40_000) / 60, rng.binomial(200, 0.2, 40_000) / 200
    ours = eer_variance(0.2, n_target=60, n_nontarget=200)
    assert np.var((miss + false_alarm) / 2) == pytest.approx(ours, rel=0.03)


@pytest.mark.parametrize("wrong", [(0.6, 0.1), (0.1, -0.1), (float("nan"), 0.1)])
def test_rates_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match=r"from 0 to 0\.5"):
        eer_z(*wrong, **TRIALS)


def test_no_trials_are_refused():
    with pytest.raises(InputError, match="trials"):
        eer_z(0.1, 0.2, n_target=0, n_nontarget=5)


def test_one_system_cannot_be_compared():
    with pytest.raises(InputError, match="two or more"):
        compare_systems({"a": 0.1}, **TRIALS)
    with pytest.raises(InputError, match="two or more"):
        compare_by_instrument({"a": [0.1]})


@pytest.mark.parametrize("wrong", [[1.1], [-0.1], [np.nan], [[0.1]]])
def test_holm_refuses_what_is_no_probability(wrong):
    with pytest.raises(InputError, match="from 0 to 1"):
        holm(wrong)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [([0.1], [0.1, 0.2], "one value"), ([], [], "one value"), ([np.nan], [0.1], "finite")],
)
def test_unpaired_values_are_refused(first, second, message):
    with pytest.raises(InputError, match=message):
        paired_permutation_p(first, second)


def test_no_permutations_are_refused():
    with pytest.raises(ConfigError, match="n_permutations"):
        paired_permutation_p([0.1], [0.2], n_permutations=0)
