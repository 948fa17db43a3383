import numpy as np
import pytest

from timbrespace.embeddings import embeddings_table
from timbrespace.manifest import manifest_from_rows
from timbrespace.reproduction.scores import score

NAMES = ("oboe", "horn", "harp")


@pytest.fixture(scope="session")
def tables():
    """Four runs of three instruments, 30 notes each, clearer from run to run."""
    rng = np.random.default_rng(3)
    instruments = np.repeat(np.arange(3), 30)
    notes = manifest_from_rows(
        {
            "id": f"{index:02}",
            "path": "none.wav",
            "instrument": NAMES[instrument],
            "family": ("reed", "brass", "string")[instrument],
            "pitch_midi": 60 + index % 3,
        }
        for index, instrument in enumerate(instruments)
    )
    noise = rng.standard_normal((90, 8))
    return {
        name: embeddings_table(
            notes,
            clearness * np.eye(3, 8)[instruments] + noise,
            encoder_name=name,
            encoder_hash=name,
        )
        for name, clearness in {
            "base-10": 1.0,
            "base-100": 1.2,
            "base-1000": 2.0,
            "mfcc": 0.5,
        }.items()
    }


@pytest.fixture(scope="session")
def scores(tables):
    return score(tables, {name: name.partition("-")[0] for name in tables})
