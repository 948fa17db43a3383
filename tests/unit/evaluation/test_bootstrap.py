import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.bootstrap import eer_interval, resampled_eers
from timbrespace.evaluation.error_rates import eer


@pytest.fixture
def trials(rng):
    codes = np.repeat(np.arange(6), [4, 9, 5, 7, 6, 8])
    own = codes[:, None] == np.arange(6)
    return (own + rng.standard_normal(own.shape)).round(1), codes


def test_resamples_agree_with_repeating_each_trial(trials):
    scores, codes = trials
    own = codes[:, None] == np.arange(6)
    rng = np.random.default_rng(4)
    expected = []
    for _ in range(20):
        weight = np.bincount(rng.integers(6, size=6), minlength=6)
        times = np.where(own, weight, weight[codes][:, None] * weight)
        expected.append(
            eer(np.repeat(scores[own], times[own]), np.repeat(scores[~own], times[~own]))
        )
    ours = resampled_eers(scores, codes, n_resamples=20, seed=4)
    np.testing.assert_allclose(ours, expected, atol=1e-12)


def test_interval_holds_its_share_of_resamples(trials):
    low, high = eer_interval(*trials, level=0.8, n_resamples=400, seed=1)
    eers = resampled_eers(*trials, n_resamples=400, seed=1)
    assert np.mean((eers >= low) & (eers <= high)) == pytest.approx(0.8, abs=0.02)


def test_perfect_scores_stay_perfect():
    codes = np.repeat(np.arange(4), 3)
    assert eer_interval(np.eye(4)[codes], codes, n_resamples=50) == (0, 0)


def test_two_instruments_are_enough(rng):
    codes = np.array([0, 0, 1, 1])
    assert resampled_eers(rng.random((4, 2)), codes, n_resamples=30).max() <= 0.5


def test_instruments_that_differ_widen_the_interval(rng):
    """Equal trials, but in one table a third of the instruments makes all the errors."""
    codes = np.repeat(np.arange(12), 20)
    own = codes[:, None] == np.arange(12)
    noise = rng.standard_normal(own.shape)
    uneven = np.where(own & (codes[:, None] < 4), 0.0, 4.0 * own) + noise
    even = np.where(own & (np.arange(240)[:, None] % 3 == 0), 0.0, 4.0 * own) + noise
    widths = [np.ptp(eer_interval(s, codes, n_resamples=200)) for s in (even, uneven)]
    assert widths[1] > 2 * widths[0]


def test_trials_that_are_not_there_count_nothing(trials, rng):
    """Against a loop over instruments, with a third of the trials missing."""
    scores, codes = trials
    scores[rng.random(scores.shape) < 0.3] = np.nan
    own = codes[:, None] == np.arange(6)
    there = ~np.isnan(scores)
    draw = np.bincount(np.random.default_rng(8).integers(6, size=6), minlength=6)
    times = np.where(own, draw, draw[codes][:, None] * draw) * there
    expected = eer(np.repeat(scores[own], times[own]), np.repeat(scores[~own], times[~own]))
    assert resampled_eers(scores, codes, n_resamples=1, seed=8)[0] == pytest.approx(expected)


def test_many_target_scores_are_thinned_without_harm(rng):
    """4,000 different target scores at 512 thresholds, against all of them."""
    codes = np.repeat(np.arange(4), 1000)
    own = codes[:, None] == np.arange(4)
    scores = 2.5 * own + rng.standard_normal(own.shape)
    draw = np.bincount(np.random.default_rng(2).integers(4, size=4), minlength=4)
    times = np.where(own, draw, draw[codes][:, None] * draw)
    expected = eer(np.repeat(scores[own], times[own]), np.repeat(scores[~own], times[~own]))
    ours = resampled_eers(scores, codes, n_resamples=1, seed=2)[0]
    assert ours == pytest.approx(expected, rel=1e-2)
    assert ours != expected


def test_drawn_instruments_that_share_no_trial_have_no_rate():
    nan = np.nan
    scores = np.array([[1, nan, nan], [nan, 1, nan], [nan, nan, 1], [nan, nan, 0.5]])
    codes = np.array([0, 1, 2, 0])
    eers = resampled_eers(scores, codes, n_resamples=60)
    assert np.isnan(eers).any()
    assert np.nanmax(eers) == 0
    assert eer_interval(scores, codes, n_resamples=60) == (0, 0)


@pytest.mark.parametrize(
    ("shape", "codes", "message"),
    [
        ((3, 1), [0, 0, 0], "two or more"),
        ((3, 2), [0, 1], "one code a note"),
        ((3, 2), [0, 0, 0], r"\[1\] have none"),
        ((3, 2), [0, 1, 2], "columns of scores, 0 to 1"),
    ],
)
def test_scores_that_do_not_fit_are_refused(rng, shape, codes, message):
    with pytest.raises(InputError, match=message):
        resampled_eers(rng.random(shape), np.array(codes))


def test_infinite_scores_are_refused(trials):
    scores, codes = trials
    scores[0, 1] = np.inf
    with pytest.raises(InputError, match="finite"):
        resampled_eers(scores, codes)


def test_impossible_settings_are_refused(trials):
    with pytest.raises(ConfigError, match="level"):
        eer_interval(*trials, level=1)
    with pytest.raises(ConfigError, match="n_resamples"):
        resampled_eers(*trials, n_resamples=0)
