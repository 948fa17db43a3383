"""NSynth, and every corpus rendered to its layout.

Comes in: the folder that holds `nsynth-train`, `nsynth-valid` and `nsynth-test`, or one of them.
Goes out: one row per note of `examples.json`, with the official splits, in which no instrument
crosses. Qualities are not read.

A corpus rendered from SoundFonts has further keys: `soundfont` becomes the maker, `kind` the kind.
`recording` becomes the instrument: SoundFonts share recordings, and what plays the same recording
is the same instrument. Its drums have null for pitch and family.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from timbrespace.corpora.base import (
    CorpusInfo,
    Problem,
    Row,
    Scan,
    corpus_root,
    scan_of,
    wrong_layout,
)
from timbrespace.manifest import FAMILIES, SOURCES, SPLITS

info = CorpusInfo(
    name="nsynth",
    title="NSynth",
    url="https://magenta.tensorflow.org/datasets/nsynth",
    licence="CC BY 4.0",
    citation="Engel et al. 2017, Neural Audio Synthesis of Musical Notes with WaveNet "
    "Autoencoders, ICML, arXiv:1704.01279",
    layout="""ROOT/
  nsynth-train/
    examples.json              one entry per note, by its name
    audio/NOTE.wav             one file per entry
  nsynth-valid/ …              any of the three may be missing; ROOT may also be one of them
  nsynth-test/ …""",
)

_TYPES: dict[str, tuple[type, ...]] = {
    "instrument_str": (str,),
    "instrument_family_str": (str, type(None)),
    "instrument_source_str": (str,),
    "pitch": (int, type(None)),
    "velocity": (int,),
    "sample_rate": (int,),
}
_RENDERED = ("soundfont", "kind", "recording")


def scan(root: Path) -> Scan:
    """Read NSynth.

    Reported: a missing or broken `examples.json`, entries that lack a key or hold a wrong value,
    missing audio, audio without an entry, instruments that cross splits.

    Args:
        root: the folder of the three splits, or one split.

    Raises:
        InputError: there is no such folder, or no split in it.
    """
    root = corpus_root(root, info)
    folders = [root / f"nsynth-{split}" for split in SPLITS]
    folders = [folder for folder in folders if folder.is_dir()] or [root]
    if folders == [root] and not (root / "examples.json").is_file():
        raise wrong_layout(root, info)
    rows: list[Row] = []
    problems: list[Problem] = []
    for folder in folders:
        split_rows, split_problems = _read_split(folder)
        rows += split_rows
        problems += split_problems
    return scan_of(rows, problems)


def _read_split(folder: Path) -> tuple[list[Row], list[Problem]]:
    source, audio = folder / "examples.json", folder / "audio"
    try:
        entries = json.loads(source.read_bytes())
        found = {file.name for file in os.scandir(audio) if not file.name.startswith(".")}
    except OSError as error:
        return [], [Problem(Path(error.filename), f"cannot be read ({error.strerror}).")]
    except (ValueError, RecursionError) as error:
        return [], [Problem(source, f"is not JSON ({error}).")]
    if not isinstance(entries, dict):
        return [], [Problem(source, "must be an object with one entry per note.")]
    split = next((split for split in SPLITS if folder.name == f"nsynth-{split}"), None)
    rows, problems = [], []
    for note, entry in entries.items():
        fault = _entry_fault(entry)
        if fault:
            problems.append(Problem(source, f"entry {note} {fault}"))
        elif f"{note}.wav" not in found:
            problems.append(Problem(audio / f"{note}.wav", "is missing."))
        else:
            rows.append(_row(f"{audio}/{note}.wav", note, entry, split))
    extra = sorted(found - {f"{note}.wav" for note in entries})
    return rows, problems + [Problem(audio / name, f"has no entry in {source}.") for name in extra]


def _entry_fault(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return "is not an object."
    wrong = [
        key for key, types in _TYPES.items() if key not in entry or type(entry[key]) not in types
    ]
    if wrong:
        return f"lacks {', '.join(wrong)}, or has another type there."
    wrong = [key for key in _RENDERED if not isinstance(entry.get(key, ""), str)]
    if wrong:
        return f"names its {wrong[0]} by something that is not text."
    if not (0 <= (entry["pitch"] or 0) <= 127 and 0 <= entry["velocity"] <= 127):
        return f"has pitch {entry['pitch']}, velocity {entry['velocity']}; both go from 0 to 127."
    if entry["instrument_family_str"] not in (None, *FAMILIES):
        return f"has the unknown family {entry['instrument_family_str']!r}."
    if entry["instrument_source_str"] not in SOURCES:
        return f"has the unknown source {entry['instrument_source_str']!r}."
    return None


def _row(path: str, note: str, entry: dict[str, Any], split: str | None) -> Row:
    return {
        "id": note,
        "path": path,
        "sample_rate_hz": entry["sample_rate"],
        "instrument": entry.get("recording", entry["instrument_str"]),
        "kind": entry.get("kind"),
        "family": entry["instrument_family_str"],
        "source": entry["instrument_source_str"],
        "pitch_midi": entry["pitch"],
        "velocity": entry["velocity"],
        "maker": entry.get("soundfont"),
        "split": split,
    }
