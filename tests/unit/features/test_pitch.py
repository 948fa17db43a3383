import librosa
import numpy as np
import pytest
import soundfile

from timbrespace.features import pitch


def tone(hz, rate_hz, *, n_partials=1, seconds=1.0):
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    numbers = [k for k in range(1, n_partials + 1) if k * hz < rate_hz / 2]
    return sum(np.sin(2 * np.pi * hz * k * time_s + k) / k for k in numbers)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("n_partials", [1, 8])
def test_tones_have_their_pitch(rate_hz, n_partials):
    for midi in range(21, 97 if rate_hz < 20_000 else 109, 6):  # A0 to A6, or to A7
        hz = 440 * 2 ** ((midi - 69) / 12)
        found = pitch(tone(hz, rate_hz, n_partials=n_partials), rate_hz)
        assert found.midi == pytest.approx(midi, abs=0.02)  # 2 cents
        assert found.confidence > 0.9


def test_a_missing_fundamental_is_heard():
    waveform = tone(220, 44_100, n_partials=8) - tone(220, 44_100)
    assert pitch(waveform, 44_100).midi == pytest.approx(57, abs=0.05)


def test_gain_offset_and_silence_around_change_nothing():
    note = tone(330, 16_000, n_partials=4)
    plain = pitch(note, 16_000)
    around = np.concatenate([np.zeros(9_000), 0.01 * note, np.zeros(20_000)])
    for changed in (1e-3 * note, note + 0.5, around):
        found = pitch(changed, 16_000)
        assert found.midi == pytest.approx(plain.midi, abs=0.02)
        assert found.confidence > 0.85


def test_noise_and_silence_are_not_believed(rng):
    assert pitch(rng.standard_normal(44_100), 44_100).confidence < 0.1
    for silence in (np.zeros(44_100), np.zeros(1), np.ones(5_000)):
        found = pitch(silence, 44_100)
        assert np.isnan(found.midi)
        assert found.confidence == 0


def test_a_glide_is_not_believed():
    time_s = np.arange(44_100) / 44_100
    glide = np.sin(2 * np.pi * (200 * time_s + 300 * time_s**2))
    assert pitch(glide, 44_100).confidence < 0.5


def test_recorded_notes_agree_with_yin(test_data):
    paths = sorted((test_data / "philharmonia" / "clarinet").glob("*_05_*_normal.mp3"))[::6]
    assert paths
    for path in paths:
        waveform, rate_hz = soundfile.read(path)
        yin = librosa.yin(waveform, fmin=50, fmax=3000, sr=rate_hz, frame_length=4096)
        theirs = np.median(librosa.hz_to_midi(yin))
        assert pitch(waveform, rate_hz).midi == pytest.approx(theirs, abs=0.3)
