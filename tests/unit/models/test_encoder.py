import jsonargparse
import pytest
import torch
from torch.nn.functional import cosine_similarity, normalize

from timbrespace.errors import ConfigError, InputError
from timbrespace.models import (
    CQT,
    LDE,
    PCEN,
    AttentiveStatistics,
    BandEnergy,
    Encoder,
    LogMel,
    ResNet,
    SincNet,
    Statistics,
)

FRONTENDS = {
    "sincnet": lambda: SincNet(n_bands=24, spacing="mel"),
    "band energy": lambda: BandEnergy(n_bands=24, spacing="mel"),
    "log mel": lambda: LogMel(n_bands=24),
    "pcen": lambda: PCEN(n_bands=24),
    "cqt": lambda: CQT(n_bands=24, lowest_midi=60.0),
}
POOLINGS = {
    "statistics": lambda: Statistics(n_features=24),
    "attentive": lambda: AttentiveStatistics(n_features=24, n_hidden=8),
    "lde": lambda: LDE(n_features=24, n_centres=4, moments="mean+std"),
}


def small_encoder(frontend="log mel", pooling="statistics"):
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1, 1, 1], channels=[16, 16, 24])
    encoder = Encoder(FRONTENDS[frontend](), backbone, POOLINGS[pooling](), embedding_size=8)
    for name, parameter in encoder.named_parameters():
        if "normalisation" in name:  # as after training: neither 0 nor 1
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return encoder.eval()


def notes(*durations_s):
    """A batch of decaying harmonic tones, padded to the longest, and their counts."""
    n_samples = torch.tensor([round(16_000 * duration) for duration in durations_s])
    time = torch.arange(int(n_samples.max())) / 16_000
    pitches = 220.0 + 40 * torch.arange(len(durations_s))[:, None, None]
    partials = torch.arange(1, 6)[:, None]
    waves = (2 * torch.pi * pitches * partials * time).sin() / partials
    waveform = waves.sum(1) * (-3 * time).exp() * 0.3
    return waveform * (torch.arange(len(time)) < n_samples[:, None]), n_samples


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("frontend", FRONTENDS)
@torch.no_grad()
def test_a_batch_of_unequal_lengths_gives_the_vectors_of_one_by_one(frontend, pooling):
    encoder = small_encoder(frontend, pooling)
    waveform, n_samples = notes(1.0, 0.613, 0.1, 0.05, 0.01)
    together = encoder(waveform, n_samples)
    alone = [encoder(waveform[i : i + 1, :n]) for i, n in enumerate(n_samples)]
    torch.testing.assert_close(normalize(together), normalize(torch.cat(alone)), rtol=0, atol=1e-5)


@torch.no_grad()
def test_counts_of_full_items_change_nothing():
    encoder = small_encoder()
    waveform, n_samples = notes(0.5, 0.5)
    torch.testing.assert_close(encoder(waveform, n_samples), encoder(waveform))


@pytest.mark.parametrize("frontend", FRONTENDS)
@torch.no_grad()
def test_one_sample_and_silence_give_finite_vectors(frontend):
    encoder = small_encoder(frontend, "lde")
    assert encoder(torch.ones(1, 1)).isfinite().all()
    assert encoder(torch.zeros(1, 8_000)).isfinite().all()


@torch.no_grad()
def test_the_same_waveform_gives_the_same_vector_to_the_bit():
    encoder = small_encoder(pooling="lde")
    waveform, _ = notes(0.5)
    assert torch.equal(encoder(waveform), encoder(waveform))


@pytest.mark.parametrize("frontend", FRONTENDS)
@torch.no_grad()
def test_bfloat16_in_the_backbone_keeps_the_direction(frontend):
    encoder = small_encoder(frontend, "lde")
    waveform, _ = notes(0.5, 0.5, 0.5)
    exact = encoder(waveform)
    encoder.precision = "bfloat16"
    rounded = encoder(waveform)
    assert rounded.dtype == torch.float32
    assert not torch.equal(rounded, exact)
    assert cosine_similarity(rounded, exact).min() > 0.9995


@torch.no_grad()
def test_autocast_around_the_encoder_does_not_reach_its_filters():
    encoder = small_encoder("sincnet")
    waveform, _ = notes(0.3)
    with torch.autocast("cpu", torch.bfloat16):
        surrounded = encoder(waveform)
    assert torch.equal(surrounded, encoder(waveform))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("frontend", FRONTENDS)
def test_every_learnable_number_gets_a_gradient(frontend, precision):
    encoder = small_encoder(frontend, "lde").train()
    encoder.precision = precision
    encoder(notes(0.3, 0.3)[0]).square().mul(torch.arange(8.0)).sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.any(), name


def test_fixed_cutoffs_get_none():
    frontend = SincNet(n_bands=8, learnable=False)
    assert not any(parameter.requires_grad for parameter in frontend.parameters())


def test_a_recipe_names_the_parts():
    parser = jsonargparse.ArgumentParser(exit_on_error=False)
    parser.add_subclass_arguments(Encoder, "encoder")
    parts = {
        "frontend": {"class_path": "timbrespace.models.LogMel", "init_args": {"n_bands": 32}},
        "backbone": {
            "class_path": "timbrespace.models.ResNet",
            "init_args": {"blocks": [1, 1], "channels": [16, 24]},
        },
        "pooling": {"class_path": "timbrespace.models.LDE", "init_args": {"n_features": 24}},
    }
    recipe = {"encoder": {"class_path": "timbrespace.models.Encoder", "init_args": parts}}
    encoder = parser.instantiate(parser.parse_object(recipe)).encoder
    assert encoder.frontend.n_bands == 32
    assert encoder.backbone.settings()["channels"] == [16, 24]


@pytest.mark.parametrize("shape", [(100,), (1, 0), (1, 2, 100)])
def test_refuses_what_is_not_a_batch_of_waveforms(shape):
    with pytest.raises(InputError, match=r"\(batch, samples\)"):
        small_encoder()(torch.zeros(shape))


def test_refuses_parts_that_do_not_fit():
    with pytest.raises(ConfigError, match=r"pooling.n_features must be .* 128; got 24"):
        Encoder(LogMel(), ResNet(), Statistics(n_features=24))


def test_refuses_an_embedding_of_nothing():
    with pytest.raises(ConfigError, match="embedding_size"):
        Encoder(LogMel(), ResNet(), Statistics(), embedding_size=0)
