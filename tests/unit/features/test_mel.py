import librosa
import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.features import mel_bands, mel_power

RATE_HZ = 16_000


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_mel_bands_agree_with_librosa(rate_hz):
    theirs = librosa.filters.mel(sr=rate_hz, n_fft=2048, n_mels=64)
    np.testing.assert_allclose(mel_bands(rate_hz, n_mels=64), theirs, atol=1e-8)  # theirs float32


def test_power_agrees_with_librosa_at_other_sizes(note):
    waveform = note(5_000)
    sizes = {"n_fft": 512, "hop_length": 100, "n_mels": 24}
    theirs = librosa.feature.melspectrogram(y=waveform, sr=RATE_HZ, **sizes).T
    ours = mel_power(waveform, RATE_HZ, fft_samples=512, hop_samples=100, n_mels=24)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_a_long_waveform_is_the_same_in_blocks(note, monkeypatch):
    waveform = note(20_000)
    whole = mel_power(waveform, RATE_HZ)
    monkeypatch.setattr("timbrespace.features.mel._BLOCK_FRAMES", 7)
    np.testing.assert_allclose(mel_power(waveform, RATE_HZ), whole)


def test_bands_are_shared_and_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        mel_bands(RATE_HZ)[0, 0] = 1


def test_an_impossible_rate_is_refused():
    with pytest.raises(ConfigError, match="sample_rate_hz"):
        mel_power([1.0], 0)


@pytest.mark.parametrize("wrong", ["n_mels", "fft_samples", "hop_samples"])
def test_impossible_sizes_are_refused(wrong):
    with pytest.raises(ConfigError, match=wrong):
        mel_power([1.0], RATE_HZ, **{wrong: 0})


@pytest.mark.parametrize("waveform", [[], [[0.0, 1.0]], [0.0, np.nan], [np.inf]])
def test_unusable_waveforms_are_refused(waveform):
    with pytest.raises(InputError, match="a waveform must be"):
        mel_power(waveform, RATE_HZ)
