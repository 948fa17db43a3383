import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from timbrespace.errors import ConfigError
from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.training.refit import Refit, discriminants, refit_last_layer


@pytest.fixture
def examples(rng):
    """Four classes of 200 in 6 dimensions; the first is loud and says nothing of the class."""
    classes = np.repeat(np.arange(4), 200)
    means = rng.standard_normal((4, 6)) * [0, 1, 1, 1, 0, 0]
    vectors = means[classes] + rng.standard_normal((800, 6)) * [20, 0.5, 0.5, 0.5, 1, 1]
    return torch.from_numpy(vectors.astype(np.float32)), torch.from_numpy(classes)


def test_classes_have_unit_variance_within(examples):
    vectors, classes = examples
    centre, directions = discriminants(vectors, classes, n_kept=6, regularisation=1e-9)
    turned = (vectors.double() - centre) @ directions
    within = torch.stack([turned[classes == number].T.cov() for number in range(4)]).mean(0)
    torch.testing.assert_close(within, torch.eye(6).double(), atol=1e-6, rtol=0)


def test_the_first_directions_are_those_of_scikit_learn(examples):
    vectors, classes = examples
    centre, directions = discriminants(vectors, classes, n_kept=3, regularisation=1e-9)
    ours = ((vectors.double() - centre) @ directions).numpy()
    theirs = LinearDiscriminantAnalysis(solver="eigen").fit_transform(vectors, classes)
    for one, other in zip(ours.T, theirs.T[:3], strict=True):
        assert abs(np.corrcoef(one, other)[0, 1]) > 0.9999


def test_the_refitted_encoder_gives_the_discriminants():
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16), ResNet(blocks=[1], channels=[16]), Statistics(n_features=16), 4
    ).eval()
    waveform = torch.randn(30, 4_000) * torch.linspace(0.1, 1, 30)[:, None]
    classes = torch.arange(30) % 3
    with torch.inference_mode():
        pooled = encoder.pool(waveform)
        refit_last_layer(encoder, pooled, classes, regularisation=0.3)
        centre, directions = discriminants(pooled, classes, n_kept=4, regularisation=0.3)
        expected = ((pooled.double() - centre) @ directions).float()
        torch.testing.assert_close(encoder(waveform), expected, atol=1e-3, rtol=1e-3)


def test_what_cannot_be_refitted_is_refused(examples):
    vectors, classes = examples
    with pytest.raises(ConfigError, match="two examples of at least two instruments, it has 1"):
        discriminants(vectors[:200], classes[:200], n_kept=2, regularisation=0.3)
    encoder = Encoder(
        LogMel(n_bands=16), ResNet(blocks=[1], channels=[16]), Statistics(n_features=16), 40
    )
    with pytest.raises(ConfigError, match="at most what is pooled, 6 values"):
        refit_last_layer(encoder, vectors, classes, regularisation=0.3)


@pytest.mark.parametrize("settings", [{"batches": 0}, {"regularisation": 0.0}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match="refit needs"):
        Refit(**settings)
