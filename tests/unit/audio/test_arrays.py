import numpy as np
import pytest
import soundfile

from timbrespace.audio import array_waveform, read_audio
from timbrespace.errors import AudioError, InputError


def tone(n_samples, n_channels=1, rate_hz=44_100):
    time_s = np.arange(n_samples)[:, None] / rate_hz
    return 0.5 * np.sin(2 * np.pi * np.array([440.0, 660.0])[:n_channels] * time_s)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
@pytest.mark.parametrize("duration_s", [None, 0.5])
def test_an_array_is_heard_as_its_file(tmp_path, rate_hz, duration_s):
    samples = tone(44_100, 2, rate_hz)
    soundfile.write(tmp_path / "a.wav", samples, rate_hz, subtype="FLOAT")
    ours = array_waveform(samples, rate_hz, sample_rate_hz=16_000, duration_s=duration_s)
    file = read_audio(tmp_path / "a.wav", sample_rate_hz=16_000, duration_s=duration_s)
    np.testing.assert_allclose(ours, file, atol=1e-6)  # float32


def test_integers_are_divided_by_their_full_scale():
    samples = tone(1_000)[:, 0]
    whole = array_waveform((samples * 2**15).astype(np.int16), 16_000, sample_rate_hz=16_000)
    np.testing.assert_allclose(whole, samples, atol=2**-15)  # one step of 16 bits


def test_the_array_that_came_is_not_changed():
    samples = tone(1_000, 2)
    before = samples.copy()
    array_waveform(samples, 44_100, sample_rate_hz=16_000)
    np.testing.assert_array_equal(samples, before)


@pytest.mark.parametrize(
    ("samples", "rate_hz", "message"),
    [
        (np.zeros((2, 2, 2)), 16_000, r"kick: must be \(samples,\) or \(samples, channels\)"),
        (np.zeros((2, 100)), 16_000, "more channels than samples; give .* the transpose"),
        (np.zeros(9, np.uint8), 16_000, "floating point or signed integers, got uint8"),
        (np.zeros(9, complex), 16_000, "floating point or signed integers"),
        (np.zeros(9), 44.1, "sample rate must be a whole number from 1000 .* got 44.1"),
        (np.zeros(9), float("inf"), "sample rate must be"),
    ],
)
def test_what_is_no_sound_is_refused(samples, rate_hz, message):
    with pytest.raises(InputError, match=message):
        array_waveform(samples, rate_hz, sample_rate_hz=16_000, name="kick")


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(0), "kick: has no samples"),
        (np.array([0.0, np.nan]), "kick: holds NaN or infinite"),
        (np.array([0.0, 1e300]), "kick: holds NaN or infinite"),
    ],
)
def test_a_sound_that_cannot_be_used_is_named(samples, message):
    with pytest.raises(AudioError, match=message):
        array_waveform(samples, 16_000, sample_rate_hz=16_000, name="kick")
