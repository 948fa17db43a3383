"""Embeddings that lie in clouds, one a class, and tones embedded by a small encoder."""

import numpy as np
import pyarrow as pa
import pytest
import torch

from timbrespace.embeddings import embeddings_table
from timbrespace.identification import embed_lesson, lesson_of
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import Encoder, LogMel, ResNet, Statistics

HASH = "0123456789abcdef"


@pytest.fixture
def clouds():
    """A table of `n_classes` families, `n_groups` instruments of each, `n_sounds` of each."""

    def make(n_classes=3, n_groups=4, n_sounds=5, *, spread=0.3, shift=0.0, seed=0) -> pa.Table:
        rng = np.random.default_rng(seed)
        rows, vectors = [], []
        for family in range(n_classes):
            for group in range(n_groups):
                centre = np.eye(8)[family] + shift * rng.standard_normal(8)
                for sound in range(n_sounds):
                    instrument = f"{family}-{group}"
                    rows.append(
                        {
                            "id": f"{instrument}-{sound}",
                            "path": f"{family}/{group}/{sound}.wav",
                            "instrument": instrument,
                            "family": ("brass", "flute", "reed", "string")[family],
                            "split": ("train", "valid")[group % 2],
                        }
                    )
                    vectors.append(centre + spread * rng.standard_normal(8))
        manifest = manifest_from_rows(rows)
        return embeddings_table(manifest, vectors, encoder_name="toy", encoder_hash=HASH)

    return make


@pytest.fixture(scope="session")
def encoder():
    """A small encoder with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = Encoder(
            LogMel(n_bands=16),
            ResNet(blocks=[1], channels=[16], stem_stride=2),
            Statistics(n_features=16),
            embedding_size=8,
        )
    return encoder.eval()


@pytest.fixture(scope="session")
def tone_lesson(tone_manifest, encoder):
    """The tones, told by their families; an instrument is a group."""
    table, problems = embed_lesson(tone_manifest, encoder)
    assert not problems
    return lesson_of(table, label="family")[0]
