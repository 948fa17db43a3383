import numpy as np
import pytest
import soundfile

from timbrespace.audio import (
    loudness_lufs,
    momentary_loudness_lufs,
    normalise_loudness,
    read_excerpt,
)
from timbrespace.errors import InputError

_RATE_HZ = 16_000


def _tone(duration_s: float, level: float = 0.1) -> np.ndarray:
    time_s = np.arange(round(duration_s * _RATE_HZ)) / _RATE_HZ
    return (level * np.sin(2 * np.pi * 440 * time_s)).astype(np.float32)


@pytest.mark.parametrize("duration_s", [0.05, 3.0])
def test_music_is_brought_to_one_loudness(duration_s):
    levelled = normalise_loudness(_tone(duration_s), sample_rate_hz=_RATE_HZ, target_lufs=-12)
    assert loudness_lufs(levelled, _RATE_HZ) == pytest.approx(-12, abs=1e-4)
    assert levelled.dtype == np.float32


def test_silence_stays_silence():
    silence = np.zeros(_RATE_HZ, np.float32)
    assert np.array_equal(normalise_loudness(silence, sample_rate_hz=_RATE_HZ), silence)


def test_excerpt_is_mono_at_the_wanted_rate_with_its_silence(tmp_path):
    stereo = np.zeros((44_100 * 2, 2))
    stereo[44_100:, 0] = 0.2 * np.sin(np.arange(44_100) * 0.05)
    soundfile.write(tmp_path / "music.wav", stereo, 44_100)
    excerpt = read_excerpt(tmp_path / "music.wav", sample_rate_hz=_RATE_HZ)
    assert excerpt.shape == (2 * _RATE_HZ,)
    assert np.abs(excerpt[: _RATE_HZ // 2]).max() < 1e-6
    assert loudness_lufs(excerpt, _RATE_HZ) == pytest.approx(-12, abs=1e-4)


def test_part_of_a_file_has_its_own_loudness(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.r_[_tone(2, 0.5), _tone(2, 0.01)], _RATE_HZ)
    part = read_excerpt(tmp_path / "a.wav", sample_rate_hz=_RATE_HZ, start_s=2.5, duration_s=1.0)
    assert part.shape == (_RATE_HZ,)
    assert loudness_lufs(part, _RATE_HZ) == pytest.approx(-12, abs=1e-4)


def test_momentary_loudness_has_a_block_every_tenth_of_a_second():
    blocks = momentary_loudness_lufs(np.r_[_tone(1), np.zeros(_RATE_HZ, np.float32)], _RATE_HZ)
    assert blocks.shape == (17,)
    assert blocks[3] == pytest.approx(loudness_lufs(_tone(1), _RATE_HZ), abs=0.1)  # filters settle
    assert blocks[-1] < -100
    assert (momentary_loudness_lufs(np.zeros(_RATE_HZ), _RATE_HZ) == -np.inf).all()


def test_momentary_loudness_refuses_nothing():
    with pytest.raises(InputError, match="not empty"):
        momentary_loudness_lufs(np.zeros(0), _RATE_HZ)
