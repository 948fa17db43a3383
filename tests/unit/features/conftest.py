import numpy as np
import pytest


@pytest.fixture
def note(rng):
    """Makes decaying noise of a length, at 16 kHz."""
    return lambda n_samples: rng.standard_normal(n_samples) * np.exp(-np.arange(n_samples) / 4_800)
