import io

import numpy as np
import pytest
import soundfile

from timbrespace.audio.pcm import HEADER_BYTES, WavPart
from timbrespace.errors import AudioError


@pytest.fixture
def samples(rng):
    return rng.uniform(-0.9, 0.9, (5_000, 2))


def whole(part):
    return b"".join(part.blocks(0, part.size))


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.aiff"])
def test_a_part_equals_the_samples_of_the_file(samples, tmp_path, name):
    soundfile.write(tmp_path / name, samples, 8_000)
    with (tmp_path / name).open("rb") as file:
        part = WavPart(file, name=name, start_s=0.1, duration_s=0.25)
        heard, rate = soundfile.read(io.BytesIO(whole(part)))
    assert (rate, len(heard), part.is_whole) == (8_000, 2_000, False)
    np.testing.assert_allclose(heard, samples[800:2_800], atol=2**-14)  # two roundings to 16 bits


def test_samples_above_full_scale_are_clipped_not_wrapped(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.array([2.0, -2.0, 0.5]), 8_000, subtype="FLOAT")
    with (tmp_path / "a.wav").open("rb") as file:
        heard, _ = soundfile.read(io.BytesIO(whole(WavPart(file, name="a"))))
    np.testing.assert_allclose(heard, [1, -1, 0.5], atol=1e-4)


@pytest.mark.parametrize("name", ["a.wav", "a.mp3"])
@pytest.mark.parametrize("span", [(0, 1), (43, 45), (44, 48), (46, 999), (4_001, 15_000)])
def test_any_range_is_that_of_the_whole(samples, tmp_path, name, span):
    soundfile.write(tmp_path / name, samples, 16_000)
    with (tmp_path / name).open("rb") as file, (tmp_path / name).open("rb") as again:
        every = whole(WavPart(file, name=name, start_s=0.05))
        ranged = b"".join(WavPart(again, name=name, start_s=0.05).blocks(*span))
    assert len(ranged) == span[1] - span[0]
    first = max(span[0], HEADER_BYTES) + span[0] % 2  # whole samples from here on
    ours, theirs = (
        np.frombuffer(part[: len(part) // 2 * 2], "<i2").astype(int)
        for part in (ranged[first - span[0] :], every[first : span[1]])
    )
    assert np.abs(ours - theirs).max(initial=0) <= 1  # MP3 decodes so exactly from other places


def test_a_part_past_the_end_is_an_empty_file(samples, tmp_path):
    soundfile.write(tmp_path / "a.wav", samples, 8_000)
    with (tmp_path / "a.wav").open("rb") as file:
        part = WavPart(file, name="a", start_s=9.0)
        assert (part.size, len(whole(part))) == (HEADER_BYTES, HEADER_BYTES)


def test_what_is_no_audio_is_an_error(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"rubbish")
    with (tmp_path / "a.wav").open("rb") as file, pytest.raises(AudioError, match="decoded"):
        WavPart(file, name="a")
