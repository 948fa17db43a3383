import numpy as np
import pyarrow as pa
import pytest
import torch

from timbrespace.embeddings import vectors_of
from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.training.cohort import training_cohort
from timbrespace.training.store import pack


@pytest.fixture
def store(tone_manifest, tmp_path):
    return pack(tone_manifest, tmp_path / "notes", sample_rate_hz=16_000)


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16])
    return Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), 8).eval()


def test_an_instrument_is_the_mean_of_its_notes_as_embed_hears_them(encoder, store, tone_manifest):
    done = []
    cohort = training_cohort(encoder, store, tone_manifest, name="toy", on_progress=done.append)
    assert done == [1, 2, 3, 4, 5, 6]
    assert cohort["id"].to_pylist() == cohort["path"].to_pylist() == [f"tone-{k}" for k in range(6)]
    assert cohort["family"].to_pylist() == ["reed", "brass", "string"] * 2
    assert cohort["pitch_midi"].null_count == 6
    files = tone_manifest.filter(pa.compute.equal(tone_manifest["instrument"], "tone-2"))
    heard = encoder.embed(files["path"].to_pylist(), precision="float32").mean(axis=0)
    np.testing.assert_allclose(vectors_of(cohort)[2], heard, atol=2e-3)  # notes in 16 bit


def test_few_of_many_notes_are_heard_and_always_the_same(
    encoder, store, tone_manifest, monkeypatch
):
    whole = vectors_of(training_cohort(encoder, store, tone_manifest, name="toy"))
    monkeypatch.setattr("timbrespace.training.cohort._NOTES", 3)
    few, again = (
        vectors_of(training_cohort(encoder, store, tone_manifest, name="toy")) for _ in range(2)
    )
    np.testing.assert_array_equal(few, again)
    assert not np.allclose(few, whole)
