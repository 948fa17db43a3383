import numpy as np
import pytest
import torch

from timbrespace.tagging import Tagger, TaggingNetwork
from timbrespace.tagging.calibration import calibrate
from timbrespace.tagging.scoring import excerpt_probabilities


@pytest.fixture
def tagger(trunk, excerpts):
    torch.manual_seed(1)
    network = TaggingNetwork.on(trunk, n_classes=len(excerpts.classes))
    return Tagger(network, excerpts.classes, np.full(len(excerpts.classes), 0.5))


def mean_loss(tagger, excerpts, chosen):
    rates = excerpt_probabilities(tagger, excerpts, chosen).clip(1e-6, 1 - 1e-6)
    truth = excerpts.truth[chosen]
    return -np.where(truth, np.log(rates), np.log(1 - rates)).mean()


def test_probabilities_fit_and_their_mean_is_the_share_that_leads(tagger, excerpts):
    chosen = excerpts.of_split("valid")
    tagger.network.rescale(5.0, torch.tensor([4.0, -4.0]))
    before = mean_loss(tagger, excerpts, chosen)
    calibrate(tagger, excerpts, chosen)
    assert mean_loss(tagger, excerpts, chosen) < before / 2
    rates = excerpt_probabilities(tagger, excerpts, chosen)
    np.testing.assert_allclose(rates.mean(0), excerpts.truth[chosen].mean(0), atol=0.02)
