import numpy as np
import pytest
import soundfile
import torch

from timbrespace.audio import read_note
from timbrespace.errors import AudioError, ConfigError, InputError
from timbrespace.models import embed_waveforms


def noise(rng, seconds, rate_hz=16_000):
    return rng.uniform(-0.5, 0.5, round(seconds * rate_hz))


@pytest.fixture
def files(rng, tmp_path):
    """Three files that differ in length, rate and channels."""
    paths = [tmp_path / "a.wav", tmp_path / "b.flac", tmp_path / "c.wav"]
    soundfile.write(paths[0], noise(rng, 0.5), 16_000)
    soundfile.write(paths[1], noise(rng, 0.3, 44_100), 44_100)
    stereo = np.stack([noise(rng, 0.2), noise(rng, 0.2)], axis=1)
    soundfile.write(paths[2], stereo, 16_000)
    return paths


def embed(encoder, sounds, *rest, **options):
    return encoder.embed(sounds, *rest, precision="float32", **options)


def test_files_are_embedded_as_training_hears_them(encoder, files):
    vectors = embed(encoder, files)
    notes = [read_note(path, sample_rate_hz=16_000) for path in files]
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, embed_waveforms(encoder, notes), atol=1e-6)  # float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


def test_one_sound_gives_one_row(encoder, files):
    together = embed(encoder, files)
    np.testing.assert_allclose(embed(encoder, files[0]), together[:1], atol=1e-5)  # masked batch
    np.testing.assert_allclose(embed(encoder, str(files[0])), together[:1], atol=1e-5)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_arrays_and_files_give_the_same(encoder, files, kind):
    samples, rate_hz = soundfile.read(files[2])
    vectors = embed(encoder, [kind(samples), files[2]], rate_hz)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)  # float32


def test_gain_and_silence_around_a_sound_change_nothing(encoder, rng):
    sound, rest = noise(rng, 0.5), np.zeros(1_600)
    around = np.concatenate([rest, sound * 0.01, rest])
    plain = np.concatenate([rest[:320], sound, rest[:320]])  # the margin that trimming keeps
    vectors = embed(encoder, [around, plain], 16_000)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-4)  # float32


def test_of_a_long_sound_the_first_minute_is_heard(encoder, rng):
    sound = noise(rng, 65, 4_000)
    np.testing.assert_allclose(
        embed(encoder, sound, 4_000), embed(encoder, sound[: 60 * 4_000], 4_000), atol=1e-3
    )  # the resampler hears the cut


def test_batches_change_nothing(encoder, rng):
    sounds = [noise(rng, 0.05) for _ in range(70)]  # more than a part
    vectors = embed(encoder, sounds, 16_000)
    np.testing.assert_allclose(vectors, embed(encoder, sounds, 16_000, batch_s=0.2), atol=1e-5)


@pytest.mark.parametrize(
    ("sounds", "rate_hz", "message"),
    [
        ([], None, "the list is empty"),
        ([np.ones(9), np.ones(9)], None, "sound 0 is an array: give its sample_rate_hz"),
        ("a.wav", 16_000, "sample_rate_hz is for arrays"),
        ([np.ones(9), None], 16_000, "sound 1 must be a path or an array, got NoneType"),
        (None, None, "sound 0 must be a path or an array"),
        ([np.ones(9), np.ones((2, 100))], 16_000, "sound 1: .* more channels than samples"),
    ],
)
def test_input_that_is_no_sound_is_refused(encoder, sounds, rate_hz, message):
    with pytest.raises(InputError, match=message):
        embed(encoder, sounds, rate_hz)


def test_a_bad_sound_in_a_list_is_named(encoder, files, tmp_path):
    with pytest.raises(AudioError, match=r"nowhere\.wav: no such file"):
        embed(encoder, [files[0], tmp_path / "nowhere.wav"])
    with pytest.raises(AudioError, match="sound 1: is silent"):
        embed(encoder, [np.ones(9), np.zeros(9)], 16_000)
    with pytest.raises(AudioError, match="sound 0: holds NaN"):
        embed(encoder, np.array([np.nan]), 16_000)


def test_an_encoder_in_training_is_refused(encoder, files):
    encoder.train()
    with pytest.raises(InputError, match="evaluation mode"):
        embed(encoder, files)
    encoder.eval()


def test_windows_have_the_vectors_of_their_parts(encoder, rng):
    sound = noise(rng, 2.3)
    windows = encoder.embed_windows(sound, 16_000, window_s=1.0, hop_s=0.5, precision="float32")
    np.testing.assert_allclose(windows.start_s, [0.0, 0.5, 1.0, 1.5])
    starts = (windows.start_s * 16_000).astype(int)
    parts = [sound[start : start + 16_000] for start in starts]
    np.testing.assert_allclose(windows.vectors, embed(encoder, parts, 16_000), atol=1e-4)


def test_silent_windows_are_left_out(encoder, rng):
    rest = 1e-4 * noise(rng, 2.0)
    sound = np.concatenate([rest, noise(rng, 1.0), rest])
    windows = encoder.embed_windows(sound, 16_000, window_s=0.5, hop_s=0.5)
    np.testing.assert_allclose(windows.start_s, [2.0, 2.5])
    assert windows.vectors.shape == (2, 12)


def test_a_sound_shorter_than_a_window_is_one_window(encoder, files):
    windows = encoder.embed_windows(files[1], precision="float32")
    np.testing.assert_allclose(windows.start_s, [0.0])
    np.testing.assert_allclose(windows.vectors, embed(encoder, files[1]), atol=1e-5)


def test_windows_that_cannot_be_are_refused(encoder, files):
    with pytest.raises(ConfigError, match=r"hop_s must be at most window_s, 1, .* got 2"):
        encoder.embed_windows(files[0], window_s=1.0, hop_s=2.0)
    with pytest.raises(ConfigError, match="hop_s must be above 0"):
        encoder.embed_windows(files[0], hop_s=0.0)
    with pytest.raises(AudioError, match="sound 0: is silent"):
        encoder.embed_windows(np.zeros(9), 16_000)
