import librosa
import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.features import noisiness, power_frames, spectral_centroid_hz, spectral_flatness

RATE_HZ = 44_100
BIN_HZ = np.fft.rfftfreq(4096, 1 / RATE_HZ)


def noisiness_of(waveform):
    return noisiness(power_frames(waveform, fft_samples=4096), BIN_HZ)


def test_frames_agree_with_librosa(note):
    waveform = note(8_192).astype(np.float32)
    theirs = np.abs(librosa.stft(waveform, n_fft=2048, hop_length=1024, center=False)) ** 2
    np.testing.assert_allclose(power_frames(waveform), theirs.T, rtol=1e-3, atol=1e-5)  # float32


def test_a_long_sound_gives_no_more_frames():
    assert power_frames(np.zeros(10_000_000, np.float32)).shape == (32, 1025)
    assert power_frames(np.zeros(1)).shape == (1, 1025)


def test_centroid_agrees_with_librosa(rng):
    magnitude = rng.random((40, 1025))
    bin_hz = librosa.fft_frequencies(sr=RATE_HZ, n_fft=2048)
    theirs = librosa.feature.spectral_centroid(S=magnitude.T, freq=bin_hz)[0]
    np.testing.assert_allclose(spectral_centroid_hz(magnitude, bin_hz), theirs, rtol=1e-9)


def test_centroid_ignores_gain_and_silence_has_none(rng):
    magnitude = rng.random(1025)
    bin_hz = np.arange(1025.0)
    assert spectral_centroid_hz(7 * magnitude, bin_hz) == pytest.approx(
        spectral_centroid_hz(magnitude, bin_hz)
    )
    assert np.isnan(spectral_centroid_hz(np.zeros(1025), bin_hz))


def test_centroid_refuses_decibels_and_other_bins():
    with pytest.raises(InputError, match="in dB"):
        spectral_centroid_hz(np.full((4, 3), -60.0), np.arange(3.0))
    with pytest.raises(InputError, match="one value per bin"):
        spectral_centroid_hz(np.ones((4, 3)), np.arange(4.0))


def test_flatness_agrees_with_librosa(rng):
    power = rng.random((40, 513)) + 1e-3
    theirs = librosa.feature.spectral_flatness(S=power.T, power=1.0)[0]
    np.testing.assert_allclose(spectral_flatness(power), theirs, rtol=1e-9)
    assert np.isnan(spectral_flatness(np.zeros(513)))


def test_noise_is_noise_and_tones_are_none(rng):
    time_s = np.arange(RATE_HZ) / RATE_HZ
    white = rng.standard_normal(RATE_HZ)
    pink = np.fft.irfft(np.fft.rfft(white) / np.sqrt(np.arange(1, RATE_HZ // 2 + 2)))
    tone = sum(np.sin(2 * np.pi * 220 * k * time_s) / k for k in range(1, 20))
    assert noisiness_of(white) > 0.95
    assert noisiness_of(pink) > 0.8
    assert noisiness_of(tone) < 0.05
    assert noisiness_of(tone + 0.3 * white) > noisiness_of(tone + 0.03 * white)


def test_noisiness_ignores_gain_and_silence_has_none(rng):
    white = rng.standard_normal(RATE_HZ)
    assert noisiness_of(0.01 * white) == pytest.approx(noisiness_of(white), rel=1e-3)  # float32
    assert np.isnan(noisiness_of(np.zeros(RATE_HZ)))
