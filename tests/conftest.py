"""Fixtures that every test may use."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import soundfile

from timbrespace.manifest import manifest_from_rows

_ROOT = Path(__file__).parents[1]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real audio, by the environment variable TIMBRESPACE_TEST_DATA."""
    folder = Path(os.environ.get("TIMBRESPACE_TEST_DATA", _ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real audio at {folder}; set TIMBRESPACE_TEST_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of outputs of the published implementations."""
    return _ROOT / "tests" / "reference"


def _harmonic_note(rng: np.random.Generator, hz: float, slope: float) -> np.ndarray:
    """Half a second of a harmonic tone; `slope` (how fast partials fall) is the instrument."""
    time_s = np.arange(8_000) / 16_000
    partials = np.arange(1, 8)
    phases = rng.uniform(0, 2 * np.pi, 7)
    waves = np.sin(2 * np.pi * hz * partials[:, None] * time_s + phases[:, None])
    note = (partials[:, None] ** -slope * waves).sum(axis=0) * np.exp(-3 * time_s)
    return 0.5 * note / np.abs(note).max()


@pytest.fixture(scope="session")
def tone_manifest(tmp_path_factory) -> pa.Table:
    """Six instruments of twelve notes each, real WAV files; the last two are split test."""
    folder = tmp_path_factory.mktemp("tones")
    rng = np.random.default_rng(7)
    rows = []
    for instrument, slope in enumerate([0.0, 0.6, 1.2, 1.8, 2.4, 3.0]):
        for pitch in range(48, 72, 2):
            path = folder / f"{instrument}-{pitch}.wav"
            soundfile.write(
                path, _harmonic_note(rng, 440 * 2 ** ((pitch - 69) / 12), slope), 16_000
            )
            rows.append(
                {
                    "id": path.stem,
                    "path": str(path),
                    "instrument": f"tone-{instrument}",
                    "family": ("reed", "brass", "string")[instrument % 3],
                    "pitch_midi": pitch,
                    "split": "test" if instrument > 3 else "train",
                }
            )
    return manifest_from_rows(rows)


def _long_tone(rng: np.random.Generator, slope: float, seconds: float) -> np.ndarray:
    time_s = np.arange(round(seconds * 16_000)) / 16_000
    partials = np.arange(1, 12)[:, None]
    phases = rng.uniform(0, 2 * np.pi, (11, 1))
    waves = np.sin(2 * np.pi * rng.uniform(150, 500) * partials * time_s + phases)
    tone = (partials**-slope * waves).sum(0)
    return tone / np.abs(tone).max()


@pytest.fixture(scope="session")
def mixes(tmp_path_factory) -> pa.Table:
    """Excerpts of 1.5 to 3 s in which a dull tone, a bright one or both lead; all splits."""
    folder = tmp_path_factory.mktemp("mixes")
    rng = np.random.default_rng(3)
    slopes = {"dull": 2.5, "bright": 0.3}
    rows = []
    for number in range(60):
        split = ("train", "train", "train", "valid", "test")[number % 5]
        labels = [["dull"], ["bright"], ["dull", "bright"]][number % (3 if split == "test" else 2)]
        seconds = rng.uniform(1.5, 3.0)
        wave = 0.02 * rng.standard_normal(round(seconds * 16_000))
        for label in labels:
            wave += 0.4 * _long_tone(rng, slopes[label], seconds)
        path = folder / f"{number:03}.wav"
        soundfile.write(path, wave, 16_000)
        rows.append({"id": path.stem, "path": str(path), "split": split, "labels": labels})
    return manifest_from_rows(rows)
