"""What every part of an encoder must hold to."""

import pytest
import torch

from timbrespace.errors import ConfigError
from timbrespace.models import (
    CQT,
    LDE,
    PCEN,
    AdditiveAngularMargin,
    ASoftmax,
    AttentiveStatistics,
    BandEnergy,
    LogMel,
    NormedSincNet,
    ResNet,
    ShaResNet,
    SincNet,
    Softmax,
    Statistics,
    SupervisedContrastive,
)

PARTS = [
    SincNet(n_bands=9, spacing="mel", kernel_s=0.02, hop_s=0.01, min_hz=9.0, learnable=False),
    NormedSincNet(n_bands=9, spacing="mel", kernel_s=0.02, hop_s=0.01, learnable=False),
    BandEnergy(n_bands=7, level="absolute", floor_db=-50.0, min_band_hz=10.0),
    LogMel(n_bands=20, fft_samples=512, hop_samples=160, min_hz=50.0, mel_scale="htk"),
    PCEN(n_bands=20, time_constants_s=[0.1], alpha=0.6, delta=1.0, r=0.3, epsilon=1e-8),
    CQT(n_bands=30, lowest_midi=40.0, bands_per_octave=24, hop_samples=256, floor_db=-40.0),
    ResNet(blocks=[1, 2], channels=[16, 24], stem_stride=2, frequency_pool="published"),
    ShaResNet(blocks=[2, 3], channels=[16, 24], stem_stride=2),
    Statistics(n_features=5),
    AttentiveStatistics(n_features=5, n_hidden=3),
    LDE(n_features=5, n_centres=3, moments="mean+std"),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_settings_build_the_same_part(part):
    again = type(part)(**part.settings())
    assert again.settings() == part.settings()
    again.load_state_dict(part.state_dict())
    for (name, ours), (_, theirs) in zip(part.named_buffers(), again.named_buffers(), strict=True):
        assert torch.equal(ours, theirs), name


IMPOSSIBLE = [
    (SincNet, {"n_bands": 0}, "n_bands"),
    (SincNet, {"min_hz": 0.0}, "min_hz"),
    (SincNet, {"min_band_hz": -1.0}, "min_band_hz"),
    (SincNet, {"kernel_s": 1e-5}, "kernel_s"),
    (SincNet, {"hop_s": 1e-5}, "hop_s"),
    (SincNet, {"spacing": "mel", "min_hz": 4000.0}, "low < high"),
    (BandEnergy, {"floor_db": 0.0}, "floor_db"),
    (LogMel, {"n_bands": 0}, "n_bands"),
    (LogMel, {"fft_samples": 0}, "fft_samples"),
    (LogMel, {"hop_samples": 0}, "hop_samples"),
    (LogMel, {"min_hz": 9000.0}, "low < high"),
    (LogMel, {"max_hz": 8001.0}, "max_hz"),
    (LogMel, {"n_bands": 400}, "hold no bin"),
    (LogMel, {"floor_db": float("-inf")}, "floor_db"),
    (PCEN, {"n_bands": 0}, "n_bands"),
    (PCEN, {"time_constants_s": []}, "time_constants_s"),
    (PCEN, {"time_constants_s": [0.1] * 9}, "time_constants_s"),
    (PCEN, {"time_constants_s": [0.1, 0.0]}, "time_constants_s"),
    (PCEN, {"alpha": 1.0}, "alpha"),
    (PCEN, {"r": 0.0}, "r must be above 0"),
    (PCEN, {"delta": 0.0}, "delta"),
    (PCEN, {"epsilon": float("nan")}, "epsilon"),
    (CQT, {"n_bands": 0}, "n_bands"),
    (CQT, {"bands_per_octave": 0}, "bands_per_octave"),
    (CQT, {"hop_samples": 0}, "hop_samples"),
    (CQT, {"n_bands": 97}, "half the sample rate"),
    (CQT, {"floor_db": float("nan")}, "floor_db"),
    (ResNet, {"blocks": [1], "channels": [16, 32]}, "for each stage"),
    (ResNet, {"blocks": [], "channels": []}, "for each stage"),
    (ResNet, {"blocks": [0], "channels": [16]}, "blocks >= 1"),
    (ResNet, {"stem_stride": 0}, "stem_stride"),
    (ResNet, {"blocks": [1], "channels": [8]}, "channels must be >= 16"),
    (Statistics, {"n_features": 0}, "n_features"),
    (AttentiveStatistics, {"n_features": 0}, "n_features"),
    (AttentiveStatistics, {"n_hidden": 0}, "n_hidden"),
    (LDE, {"n_features": 0}, "n_features"),
    (LDE, {"n_centres": 0}, "n_centres"),
    (Softmax, {"embedding_size": 4, "n_classes": 0}, "n_classes"),
    (ASoftmax, {"embedding_size": 0, "n_classes": 2}, "embedding_size"),
    (ASoftmax, {"embedding_size": 4, "n_classes": 2, "m": 5}, "m must be 1, 2, 3 or 4"),
    (AdditiveAngularMargin, {"embedding_size": 4, "n_classes": 0}, "n_classes"),
    (AdditiveAngularMargin, {"embedding_size": 4, "n_classes": 2, "margin": 2.0}, "margin"),
    (AdditiveAngularMargin, {"embedding_size": 4, "n_classes": 2, "scale": 0.0}, "scale"),
    (AdditiveAngularMargin, {"embedding_size": 4, "n_classes": 2, "n_subcentres": 0}, "n_subcent"),
    (SupervisedContrastive, {"embedding_size": 0, "n_classes": 2}, "embedding_size"),
    (SupervisedContrastive, {"embedding_size": 4, "n_classes": 2, "temperature": 0.0}, "temperat"),
    (SupervisedContrastive, {"embedding_size": 4, "n_classes": 2, "projection_size": 0}, "proj"),
]


@pytest.mark.parametrize(("part", "settings", "message"), IMPOSSIBLE)
def test_refuses_settings_that_cannot_work(part, settings, message):
    with pytest.raises(ConfigError, match=message):
        part(**settings)
