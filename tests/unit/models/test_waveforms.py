import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, embed_waveforms


def noise(rng, seconds):
    return rng.uniform(-0.5, 0.5, round(seconds * 16_000)).astype(np.float32)


def test_vectors_have_unit_length_and_the_order_that_came(encoder, rng):
    waveforms = [noise(rng, seconds) for seconds in (0.5, 3.0, 0.1, 1.0, 25.0)]
    vectors = embed_waveforms(encoder, waveforms)
    assert vectors.shape == (5, 12)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)  # float32
    alone = np.concatenate([embed_waveforms(encoder, [waveform]) for waveform in waveforms])
    np.testing.assert_allclose(vectors, alone, atol=1e-5)  # masked convolutions, float32


@pytest.mark.parametrize("n_samples", [1, 10, 800, 1_600])
def test_short_sounds_give_finite_vectors(encoder, rng, n_samples):
    vectors = embed_waveforms(encoder, [noise(rng, 1)[:n_samples]])
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors) == pytest.approx(1)


def test_a_long_sound_is_the_mean_of_its_windows(encoder, rng):
    waveform = noise(rng, 20.0)
    halves = embed_waveforms(encoder, [waveform[:160_000], waveform[160_000:]])
    mean = halves.mean(axis=0) / np.linalg.norm(halves.mean(axis=0))
    np.testing.assert_allclose(embed_waveforms(encoder, [waveform])[0], mean, atol=1e-5)


def test_nothing_gives_nothing(encoder):
    assert embed_waveforms(encoder, []).shape == (0, 12)


def test_input_that_cannot_be_embedded_is_refused(encoder, rng):
    with pytest.raises(InputError, match="waveform 1 must be"):
        embed_waveforms(encoder, [noise(rng, 1), np.zeros(0, np.float32)])
    with pytest.raises(InputError, match=r"waveform 0 must be \(samples,\)"):
        embed_waveforms(encoder, [np.zeros((2, 100), np.float32)])
    with pytest.raises(InputError, match="evaluation mode"):
        embed_waveforms(Encoder(LogMel(), ResNet(), Statistics(n_features=128)), [])
    with pytest.raises(ConfigError, match="batch_s must be above 0"):
        embed_waveforms(encoder, [noise(rng, 1)], batch_s=0)
