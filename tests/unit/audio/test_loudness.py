import numpy as np
import pyloudnorm
import pytest

from timbrespace.audio.loudness import k_weighting, loudness_lufs
from timbrespace.errors import ConfigError, InputError


def test_the_filters_are_those_of_the_standard():
    shelf, high_pass = k_weighting(48_000)
    # BS.1770-4, tables 1 and 2
    np.testing.assert_allclose(
        shelf, [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241,
                0.73248077421585], atol=1e-8,
    )  # fmt: skip
    np.testing.assert_allclose(
        high_pass, [1, -2, 1, 1, -1.99004745483398, 0.99007225036621], atol=1e-8
    )


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_agrees_with_pyloudnorm(rng, rate_hz, channels):
    loud_and_quiet = np.repeat([0.3, 0.001, 0.05], rate_hz)[:, None]
    waveform = loud_and_quiet * rng.standard_normal((3 * rate_hz, channels))
    meter = pyloudnorm.Meter(rate_hz, filter_class="DeMan")
    theirs = meter.integrated_loudness(waveform)
    # their last blocks run past the end by a sample; their gates take >=
    assert loudness_lufs(waveform, rate_hz) == pytest.approx(theirs, abs=0.05)


def test_gain_adds_its_decibels(rng):
    waveform = 0.1 * rng.standard_normal(32_000)
    difference = loudness_lufs(waveform, 16_000) - loudness_lufs(waveform / 10, 16_000)
    assert difference == pytest.approx(20)


def test_two_equal_channels_are_twice_as_strong(rng):
    mono = 0.1 * rng.standard_normal(32_000)
    stereo = np.stack([mono, mono], axis=1)
    assert loudness_lufs(stereo, 16_000) - loudness_lufs(mono, 16_000) == pytest.approx(3.0103)


def test_a_short_sound_is_one_block_with_silence_behind(rng):
    short = rng.standard_normal(800)
    padded = np.r_[short, np.zeros(6_400 - 800)]
    assert loudness_lufs(short, 16_000) == pytest.approx(loudness_lufs(padded, 16_000), abs=0.05)


def test_silence_is_minus_infinity_and_pauses_do_not_count(rng):
    assert loudness_lufs(np.zeros(16_000), 16_000) == -np.inf
    noise = 0.1 * rng.standard_normal(64_000)
    with_pause = np.r_[noise, np.zeros(160_000)]
    assert loudness_lufs(with_pause, 16_000) == pytest.approx(loudness_lufs(noise, 16_000), abs=0.2)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ConfigError, match="4000 Hz"):
        loudness_lufs([0.0], 3_999)
    for wrong in ([], np.zeros((2, 2, 2)), [np.nan]):
        with pytest.raises(InputError, match="a waveform must be"):
            loudness_lufs(wrong, 16_000)
