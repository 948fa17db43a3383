import numpy as np
import pytest
import torch
from rich.progress import Progress

from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.tagging import Tagger, TaggingNetwork
from timbrespace.tagging.excerpts import open_excerpts

RATE = 16_000


@pytest.fixture(scope="session")
def excerpts(mixes, tmp_path_factory):
    with Progress(disable=True) as progress:
        return open_excerpts(
            mixes, tmp_path_factory.mktemp("packed"), sample_rate_hz=RATE, progress=progress
        )


@pytest.fixture
def trunk() -> Encoder:
    torch.manual_seed(0)
    return Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1, 1], channels=[16, 16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=12,
    ).eval()


@pytest.fixture
def tagger(trunk) -> Tagger:
    torch.manual_seed(1)
    network = TaggingNetwork.on(trunk, n_classes=3)
    tagger = Tagger(network, ["flute", "organ", "voice"], [0.5, 0.25, np.inf])
    tagger.name = "toy"
    return tagger
