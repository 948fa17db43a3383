import pytest
import torch

from timbrespace.models import Encoder, LogMel, ResNet, Statistics


@pytest.fixture(scope="module")
def encoder():
    """A small encoder in evaluation mode; who changes it gives it back as it was."""
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1, 1], channels=[16, 16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=12,
    ).eval()
    encoder.name = "toy"
    return encoder
