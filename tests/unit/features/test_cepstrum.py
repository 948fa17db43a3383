import librosa
import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.features import mfcc, mfcc_statistics

RATE_HZ = 16_000


@pytest.mark.filterwarnings("ignore:n_fft=2048 is too large")  # theirs, of short sounds
@pytest.mark.parametrize("n_samples", [1, 511, 512, 1_000, 16_000, 40_000])
def test_mfcc_agrees_with_librosa(note, n_samples):
    waveform = note(n_samples)
    theirs = librosa.feature.mfcc(y=waveform, sr=RATE_HZ, n_mfcc=20).T
    # their filters are float32, levels reach 1e3: 1e-7 relative of a sum of 128 of them
    np.testing.assert_allclose(mfcc(waveform, RATE_HZ), theirs, rtol=0, atol=1e-4)


def test_gain_moves_the_first_coefficient_only(note):
    quiet = note(16_000)
    change = mfcc(2 * quiet, RATE_HZ) - mfcc(quiet, RATE_HZ)
    np.testing.assert_allclose(change[:, 0], 20 * np.log10(2) * np.sqrt(128), atol=1e-9)
    np.testing.assert_allclose(change[:, 1:], 0, atol=1e-9)


def test_the_second_coefficient_hears_brightness():
    time_s = np.arange(RATE_HZ) / RATE_HZ
    dark, bright = (mfcc(np.sin(2 * np.pi * hz * time_s), RATE_HZ) for hz in (200, 4_000))
    assert (dark[2:-2, 1] > bright[2:-2, 1]).all()


def test_statistics_are_means_then_deviations(note):
    waveform = note(16_000)
    frames = mfcc(waveform, RATE_HZ, n_mfcc=13)
    statistics = mfcc_statistics(waveform, RATE_HZ, n_mfcc=13)
    np.testing.assert_allclose(statistics, np.r_[frames.mean(axis=0), frames.std(axis=0)])


@pytest.mark.parametrize("waveform", [np.zeros(16_000), np.zeros(1), np.ones(1)])
def test_silence_and_single_samples_are_finite(waveform):
    assert np.isfinite(mfcc_statistics(waveform, RATE_HZ)).all()


@pytest.mark.parametrize("waveform", [[], [[0.0, 1.0]], [0.0, np.nan], [np.inf]])
@pytest.mark.parametrize("describe", [mfcc, mfcc_statistics])
def test_unusable_waveforms_are_refused(describe, waveform):
    with pytest.raises(InputError, match="a waveform must be"):
        describe(waveform, RATE_HZ)


@pytest.mark.parametrize("n_mfcc", [0, 129])
def test_an_impossible_number_of_coefficients_is_refused(n_mfcc):
    with pytest.raises(ConfigError, match=f"n_mfcc .* got {n_mfcc}"):
        mfcc_statistics([1.0], RATE_HZ, n_mfcc=n_mfcc)
