"""Train the tagger that ships.

Comes in: rendered mixes and the recordings of the Philharmonia. Goes out: a run of
`timbrespace tune`, whose folder `tagger` ships. The recordings are of eight instruments, four of
which are classes; they are notes without others, in which the others do not lead.

    timbrespace render mixes --all-programs --seed 1 --train 12000 --valid 400 --test 600 \
        --out mixes
    python experiments/shipped_tagger.py mixes PHILHARMONIA --out tagger
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from timbrespace.cli import main as timbrespace
from timbrespace.corpora import get_corpus
from timbrespace.manifest import read_manifest

CLASSES = {"cello": "cello", "clarinet": "clarinet", "flute": "flute", "guitar": "acoustic-guitar"}
SETTINGS = (
    *("schedule.epochs=null", "schedule.steps=5000", "schedule.learning_rate=0.001"),
    *("mixup.probability=0.5", "augmentation.equaliser=0.5", "augmentation.room=0.3"),
    *("augmentation.band_limit=0.2", "augmentation.noise=0.3", "augmentation.compressor=0.3"),
    *("augmentation.codec=0.2", "calibrated=true"),
)


def main() -> int:
    """Write the manifest of both, and tune on it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mixes", type=Path, help="folder of rendered mixes")
    parser.add_argument("philharmonia", type=Path, help="folder of the corpus")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    args = parser.parse_args()
    mixes = read_manifest(args.mixes / "manifest.parquet")
    both = args.mixes / "with-recordings.parquet"
    pq.write_table(pa.concat_tables([mixes, recorded(args.philharmonia, mixes.schema)]), both)
    return timbrespace(["tune", str(both), "--out", str(args.out), "--set", *SETTINGS])


def recorded(folder: Path, schema: pa.Schema) -> pa.Table:
    """Recorded notes as excerpts to train on, as a manifest has them."""
    rows = get_corpus("philharmonia").scan(folder).manifest.to_pylist()
    for row in rows:
        name = CLASSES.get(row["instrument"])
        row |= {"split": "train", "labels": [name] if name else [], "label_mask": None}
        row["id"] = f"philharmonia-{row['id']}"
    return pa.Table.from_pylist(rows, schema=schema)


if __name__ == "__main__":
    sys.exit(main())
