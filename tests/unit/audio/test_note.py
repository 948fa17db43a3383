import numpy as np
import pytest
import soundfile

from timbrespace.audio import find_audio_files, read_note
from timbrespace.errors import AudioError, InputError


def test_a_note_is_trimmed_and_levelled(tmp_path):
    path = tmp_path / "a.wav"
    wave = np.r_[np.zeros(8_000), 0.1 * np.sin(np.arange(4_000)), np.zeros(8_000)]
    soundfile.write(path, wave, 16_000)
    note = read_note(path, sample_rate_hz=16_000)
    assert 4_000 <= len(note) <= 4_000 + 2 * 480  # 20 ms margins and a 10 ms frame
    assert np.abs(note).max() == pytest.approx(10 ** (-1 / 20), rel=1e-5)


def test_what_is_left_of_opposite_channels_is_silence(tmp_path, rng):
    left = rng.integers(-8_000, 8_000, 4_000).astype(np.int16)
    right = -left + rng.integers(-1, 1, 4_000).astype(np.int16)
    soundfile.write(tmp_path / "opposite.wav", np.stack([left, right], 1), 16_000)
    with pytest.raises(AudioError, match=r"opposite\.wav: is silent"):
        read_note(tmp_path / "opposite.wav", sample_rate_hz=16_000)


@pytest.mark.parametrize("amplitude", [0.0, 1e-20, 3e-5])
def test_a_silent_file_is_an_error(tmp_path, amplitude):
    path = tmp_path / "quiet.wav"
    soundfile.write(path, np.full(100, amplitude), 16_000, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"quiet\.wav: is silent"):
        read_note(path, sample_rate_hz=16_000)


def test_files_are_found_below_a_folder(tmp_path):
    for name in ("b.WAV", "deep/er/a.mp3", ".hidden.wav", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert find_audio_files(tmp_path) == [tmp_path / "b.WAV", tmp_path / "deep/er/a.mp3"]
    with pytest.raises(InputError, match="no such folder"):
        find_audio_files(tmp_path / "nowhere")
