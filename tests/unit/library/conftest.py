"""A toy encoder and folders of tones to keep in a library."""

import shutil

import numpy as np
import pytest
import soundfile
import torch

from timbrespace.library import Library
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.vectors import VectorFile
from timbrespace.models import Encoder, LogMel, ResNet, Statistics


def toy_encoder(seed=0):
    torch.manual_seed(seed)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    return encoder.eval()


def write_tone(path, hz=440.0, seconds=0.3, rate=16_000):
    """A tone of its own pitch, so that no two files have one content."""
    time_s = np.arange(round(seconds * rate)) / rate
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * hz * time_s) * np.exp(-3 * time_s), rate)
    return path


@pytest.fixture(scope="session")
def encoder():
    return toy_encoder()


@pytest.fixture(scope="session")
def _tones(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tones")
    for number in range(12):
        write_tone(folder / ("oboe", "flute")[number % 2] / f"{number:02}.wav", 200 + 50 * number)
    return folder


@pytest.fixture
def sounds(_tones, tmp_path):
    """Twelve tones, six in the folder oboe and six in the folder flute."""
    return shutil.copytree(_tones, tmp_path / "sounds")


@pytest.fixture
def library(tmp_path):
    with Library.open(tmp_path / "library") as library:
        yield library


@pytest.fixture
def filled(library, sounds, encoder):
    """A library of `sounds`."""
    library.add([sounds], encoder)
    return library


DRAWN_HASH = "0123456789abcdef" * 2


def _clustered(rng, n, dimensions=32, n_clusters=40):
    """Unit vectors in clusters; (n, dimensions)."""
    centres = rng.standard_normal((n_clusters, dimensions))
    vectors = centres[rng.integers(n_clusters, size=n)]
    vectors = vectors + 0.7 * rng.standard_normal((n, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _drawn_library(folder, vectors, **columns):
    """A catalogue whose sound k + 1 has vector k, and its matrix.

    `columns` are of `sounds`, one value a sound; `path` is the file's.
    """
    catalogue, n = Catalogue(folder), len(vectors)
    matrix = VectorFile(folder, DRAWN_HASH, vectors.shape[1])
    matrix.write(0, vectors)
    paths = columns.pop("path", [f"/sounds/{k}.wav" for k in range(n)])
    hashes = columns.pop("content_hash", [str(k) for k in range(n)])
    columns = {"duration_s": [1.0] * n} | columns
    names = ", ".join(columns)
    marks = ", ".join("?" for _ in columns)
    with catalogue.transaction():
        for key, value in {"encoder_hash": DRAWN_HASH, "next_slot": str(n)}.items():
            catalogue.set_meta(key, value)
        catalogue.execute_many(
            "INSERT INTO files(id, path, size, mtime_ns, content_hash, status, added_at) "
            "VALUES (?, ?, 1, 1, ?, 'ok', '')",
            [(k + 1, paths[k], hashes[k]) for k in range(n)],
        )
        catalogue.execute_many(
            "INSERT INTO sounds(id, file_id, slot, start_s, sample_rate_hz, channels, "
            f"{names}) VALUES (?, ?, ?, 0, 44100, 1, {marks})",
            [(k + 1, k + 1, k, *(column[k] for column in columns.values())) for k in range(n)],
        )
    return catalogue, matrix.read(n)


@pytest.fixture(scope="session")
def clustered():
    return _clustered


@pytest.fixture(scope="session")
def drawn_library():
    return _drawn_library
