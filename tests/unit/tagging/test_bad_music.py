"""What is no music, or not as it should be: an answer or a clear error, and bounded memory."""

import tracemalloc

import numpy as np
import pytest
import soundfile
import torch

from timbrespace.errors import AudioError, InputError

RATE = 16_000


def speech_like(rng, n_samples):
    """Pulses of a voice through slow syllables."""
    time_s = np.arange(n_samples) / RATE
    voice = np.sign(np.sin(2 * np.pi * (120 + 20 * np.sin(3 * time_s)) * time_s)) * 0.2
    return voice * (np.sin(2 * np.pi * 4 * time_s) > 0) + 1e-3 * rng.standard_normal(n_samples)


WAVEFORMS = {
    "noise": lambda rng: 0.3 * rng.standard_normal(3 * RATE),
    "20 ms": lambda rng: 0.3 * rng.standard_normal(RATE // 50),
    "a sample": lambda rng: np.full(1, 0.5),
    "speech": lambda rng: speech_like(rng, 3 * RATE),
    "full scale": lambda rng: np.sign(rng.standard_normal(2 * RATE)),
    "constant": lambda rng: np.full(2 * RATE, 0.5),
    "8 channels": lambda rng: 0.1 * rng.standard_normal((2 * RATE, 8)),
}


@pytest.mark.parametrize("waveform", WAVEFORMS.values(), ids=WAVEFORMS)
def test_whatever_sounds_gets_an_answer(tagger, rng, tmp_path, waveform):
    samples = waveform(rng)
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    activity = tagger.tag(tmp_path / "a.wav")
    assert activity.duration_s == pytest.approx(len(samples) / RATE)
    assert np.isfinite(activity.timeline).all()
    assert ((activity.timeline >= 0) & (activity.timeline <= 1)).all()


@pytest.mark.parametrize("gain", [1e-3, 1e30, 3e38])
def test_the_level_does_not_matter(tagger, rng, gain):
    clip = rng.uniform(-1, 1, RATE).astype(np.float32)
    found = tagger.probabilities([clip * np.float32(gain)])
    np.testing.assert_allclose(found, tagger.probabilities([clip]), atol=1e-5)  # float32 sums


def test_a_constant_offset_is_silent(tagger, rng, tmp_path):
    noise = 0.1 * rng.standard_normal(2 * RATE)
    soundfile.write(tmp_path / "a.wav", np.concatenate([np.full(2 * RATE, 0.5), noise]), RATE)
    rates = tagger.tag(tmp_path / "a.wav").probabilities
    assert rates.any(axis=1).tolist() == [False] * 3 + [True] * 4


def test_a_network_that_gives_nan_is_an_error(tagger, rng):
    with torch.no_grad():
        tagger.network.head[-1].bias.fill_(torch.nan)
    with pytest.raises(InputError, match="gives NaN"):
        tagger.probabilities([rng.standard_normal(RATE).astype(np.float32)])


def test_a_truncated_mp3_gives_its_start(tagger, rng, tmp_path):
    soundfile.write(tmp_path / "a.mp3", 0.1 * rng.standard_normal(4 * RATE), RATE)
    whole = (tmp_path / "a.mp3").read_bytes()
    (tmp_path / "a.mp3").write_bytes(whole[: len(whole) // 2])
    assert 1 < tagger.tag(tmp_path / "a.mp3").duration_s < 3


def test_a_truncated_flac_is_an_error(tagger, rng, tmp_path):
    soundfile.write(tmp_path / "a.flac", 0.1 * rng.standard_normal(4 * RATE), RATE)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AudioError, match=r"a\.flac: is broken or cut off"):
        tagger.tag(tmp_path / "a.flac")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "is empty"), (b"no audio, but text\n" * 99, "cannot be decoded")]
)
def test_what_is_no_audio_is_an_error(tagger, tmp_path, content, reason):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioError, match=reason):
        tagger.tag(tmp_path / "a.wav")


def test_a_rate_that_would_make_blocks_huge_is_refused(tagger, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.ones(100), 1)
    with pytest.raises(AudioError, match="1000 are the least"):
        tagger.tag(tmp_path / "a.wav")


def test_memory_does_not_grow_with_the_length(tagger, tmp_path):
    """Ten minutes are 38 MB of float32 samples; a block and its clips are 3 MB."""
    with soundfile.SoundFile(tmp_path / "a.wav", "w", RATE, 1) as file:
        for _ in range(10):
            file.write(np.zeros(60 * RATE, np.int16))
    tracemalloc.start()
    try:
        activity = tagger.tag(tmp_path / "a.wav")
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8_000_000
    assert (activity.duration_s, activity.spans) == (600.0, ())


def test_progress_tells_what_was_heard(tagger, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(20 * RATE), RATE)
    heard = []
    tagger.tag(tmp_path / "a.wav", on_progress=heard.append)
    assert heard == sorted(heard)
    assert (len(heard), heard[-1]) == (3, 20.0)
