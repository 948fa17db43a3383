import numpy as np
import pytest

from timbrespace.features import attack_s, loudness_envelope, peak_db, waveform_overview

RATE_HZ = 16_000


def ramped(rise_s, *, seconds=1.0):
    """Noise of which the amplitude rises in a straight line, then stays."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.minimum(time_s / rise_s, 1) * np.sign(np.sin(2 * np.pi * 997 * time_s))


@pytest.mark.parametrize("rise_s", [0.05, 0.2, 0.8])
def test_attack_is_the_rise_from_20_to_90_percent(rise_s):
    assert attack_s(ramped(rise_s), RATE_HZ) == pytest.approx(0.7 * rise_s, abs=0.005)


def test_a_click_has_no_attack_to_speak_of_and_silence_none():
    assert attack_s(np.r_[np.zeros(1_000), 1.0, np.zeros(1_000)], RATE_HZ) <= 0.005
    assert attack_s(np.ones(1), RATE_HZ) <= 0.005
    assert np.isnan(attack_s(np.zeros(100), RATE_HZ))


def test_envelope_ignores_gain_and_silence_before():
    note = ramped(0.05) * np.exp(-5 * np.arange(RATE_HZ) / RATE_HZ)
    envelope = loudness_envelope(note, RATE_HZ).astype(int)
    later = loudness_envelope(np.r_[np.zeros(800), 0.01 * note], RATE_HZ).astype(int)
    assert np.abs(envelope - later).max() <= 1  # rounding
    assert envelope.max() > 240


def test_envelope_tells_length_and_decay():
    time_s = np.arange(2 * RATE_HZ) / RATE_HZ
    sine = np.sin(2 * np.pi * 500 * time_s)
    held, decaying = (loudness_envelope(sine * np.exp(-k * time_s), RATE_HZ) for k in (0, 8))
    short = loudness_envelope(sine[: RATE_HZ // 4], RATE_HZ)
    assert held.shape == (64,)
    assert held[:40].min() > 240
    assert decaying[40] < held[40] - 20
    assert short[-10:].max() == 0
    assert not loudness_envelope(np.zeros(100), RATE_HZ).any()


def test_overview_is_the_extremes_of_each_part(rng):
    waveform = rng.uniform(-1, 1, 1_280)
    low, high = waveform_overview(waveform, n_columns=10)
    parts = waveform.reshape(10, 128)
    np.testing.assert_array_equal(low, np.rint(127 * parts.min(axis=1)))
    np.testing.assert_array_equal(high, np.rint(127 * parts.max(axis=1)))


def test_overview_of_few_samples_and_of_too_loud_ones():
    assert waveform_overview([0.5]).shape == (2, 128)
    assert waveform_overview([3.0, -3.0], n_columns=2).tolist() == [[127, -127], [127, -127]]


def test_peak_is_the_largest_sample():
    assert peak_db([0.1, -1.0]) == 0
    assert peak_db([0.0]) == -np.inf
