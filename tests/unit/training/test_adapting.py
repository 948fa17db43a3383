import numpy as np
import pytest
import torch

from timbrespace.errors import ConfigError, InputError
from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.training import Adaptation, Recordings, adapt_encoder, adapting_map

LABELS = np.array(["oboe", "harp"] * 100, object)


@pytest.fixture
def embeddings(rng):
    """Two instruments that differ in the second value; the first is loud, all are moved by 3."""
    spread = rng.standard_normal((200, 4)) * [5, 1, 1, 1]
    return (3 + spread + np.outer(LABELS == "oboe", [0, 4, 0, 0])).astype(np.float32)


def test_no_share_changes_nothing(embeddings):
    centre, turning = adapting_map(embeddings, LABELS, Adaptation(centre=0, spread=0))
    np.testing.assert_array_equal(centre, 0)
    np.testing.assert_allclose(turning, np.eye(4), atol=1e-12)


def test_the_centre_moves_to_the_mean_of_the_instruments(embeddings):
    few = np.concatenate([embeddings, embeddings[::2]])  # oboes count twice, instruments alike
    labels = np.concatenate([LABELS, LABELS[::2]])
    centre, _ = adapting_map(few, labels, Adaptation(centre=1, spread=0))
    means = [embeddings[name == LABELS].mean(0) for name in ("oboe", "harp")]
    np.testing.assert_allclose(centre, np.mean(means, 0), rtol=1e-5)


def test_what_spreads_an_instrument_becomes_small(embeddings):
    _, turning = adapting_map(embeddings, LABELS, Adaptation(centre=0, spread=0.9))
    oboes = embeddings[LABELS == "oboe"]
    before, after = oboes.std(0), (oboes @ turning).std(0)
    assert after[0] / after[2] < before[0] / before[2] / 2


def test_units_do_not_matter(embeddings):
    adaptation = Adaptation(centre=0.5, spread=0.3)
    _, turning = adapting_map(embeddings, LABELS, adaptation)
    _, larger = adapting_map(embeddings * 10, LABELS, adaptation)
    np.testing.assert_allclose(turning, larger, rtol=1e-6)


def test_the_adapted_encoder_gives_the_mapped_embeddings():
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16), ResNet(blocks=[1], channels=[16]), Statistics(n_features=16), 4
    ).eval()
    encoder.normalisation.running_mean.fill_(0.3)
    waveform = torch.randn(20, 4_000) * torch.linspace(0.1, 1, 20)[:, None]
    labels = np.array(["a", "b"] * 10, object)
    adaptation = Adaptation()
    with torch.inference_mode():
        before = encoder(waveform).numpy()
    adapt_encoder(encoder, Recordings(before, labels, []), adaptation)
    centre, turning = adapting_map(before, labels, adaptation)
    with torch.inference_mode():
        after = encoder(waveform).numpy()
    np.testing.assert_allclose(after, (before - centre) @ turning, atol=1e-4)


def test_what_cannot_adapt_is_refused(embeddings):
    with pytest.raises(InputError, match="two instruments with two sounds each, got 1"):
        adapting_map(embeddings[::2], LABELS[::2], Adaptation())
    with pytest.raises(ConfigError, match=r"spread < 1, got 0\.5 and 1"):
        Adaptation(centre=0.5, spread=1)
