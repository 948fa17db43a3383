"""The tables of a corpus of mixes.

Comes in: mixes as they were made. Goes out: what a part file keeps of each, and of all of those the
manifest and the table of stems.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from timbrespace.corpora.names import family_of
from timbrespace.manifest import manifest_from_rows, write_manifest, write_parquet
from timbrespace.rendering.mixes.classes import class_of, instrument_name, label_mask
from timbrespace.rendering.mixes.files import MixFolder
from timbrespace.rendering.mixes.mix import Mix
from timbrespace.rendering.mixes.predominance import Prominence
from timbrespace.rendering.mixes.score import DRUMS
from timbrespace.rendering.mixes.stems import Stem

Record = dict[str, Any]

STEM_SCHEMA = pa.schema(
    [
        ("mix", pa.string()),
        ("stem", pa.int32()),
        ("role", pa.string()),
        ("instrument", pa.string()),
        ("program", pa.int32()),
        ("bank", pa.int32()),
        ("class", pa.string()),
        ("soundfont", pa.string()),
        ("n_notes", pa.int32()),
        ("loudness_lufs", pa.float64()),
        ("activity", pa.float64()),
        ("predominant", pa.bool_()),
        ("pan", pa.int32()),
        ("reverb", pa.int32()),
        ("chorus", pa.int32()),
    ]
)


def record_of(mix: Mix, split: str, sample_rate_hz: int) -> Record:
    """What is kept of a mix beside its audio, as JSON values."""
    return {
        "mix": mix.name,
        "split": split,
        "song": mix.song,
        "duration_s": len(mix.waveform) / sample_rate_hz,
        "labels": mix.labels,
        "label_mask": label_mask(mix.unsure),
        "stems": [
            _stem_record(stem, one) for stem, one in zip(mix.stems, mix.prominences, strict=True)
        ],
    }


def _stem_record(stem: Stem, one: Prominence) -> Record:
    drums = stem.part.role == DRUMS
    return {
        "role": stem.part.role,
        "instrument": instrument_name(stem.part.program, drums=drums),
        "program": stem.part.program,
        "bank": stem.bank,
        "class": None if drums else class_of(stem.part.program),
        "soundfont": stem.font.soundfont.name,
        "n_notes": len(stem.part.notes),
        "loudness_lufs": round(one.loudness_lufs, 2) if math.isfinite(one.loudness_lufs) else None,
        "activity": round(one.activity, 4),
        "predominant": one.predominant,
        "pan": stem.pan,
        "reverb": stem.reverb,
        "chorus": stem.chorus,
    }


def write_tables(records: Sequence[Record], folder: MixFolder, sample_rate_hz: int) -> None:
    """Write the manifest, whose paths are absolute, and the table of stems."""
    rows = (_manifest_row(record, folder, sample_rate_hz) for record in records)
    write_manifest(manifest_from_rows(rows), folder.manifest)
    stems = [
        {"mix": record["mix"], "stem": number, **stem}
        for record in records
        for number, stem in enumerate(record["stems"], 1)
    ]
    write_parquet(pa.Table.from_pylist(stems, schema=STEM_SCHEMA), folder.stem_table)


def _manifest_row(record: Record, folder: MixFolder, sample_rate_hz: int) -> Record:
    labels = record["labels"]
    kind = labels[0] if len(labels) == 1 else None
    return {
        "id": record["mix"],
        "path": str(folder.mix(record["split"], record["mix"]).absolute()),
        "duration_s": record["duration_s"],
        "sample_rate_hz": sample_rate_hz,
        "instrument": f"song-{record['song']}",
        "kind": kind,
        "family": family_of(kind) if kind else None,
        "split": record["split"],
        "labels": labels,
        "label_mask": record["label_mask"],
    }
