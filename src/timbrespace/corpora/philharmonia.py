"""The Philharmonia Orchestra's sound samples.

Comes in: a folder with the files, flat or in folders. Goes out: one row per file, read from its
name, INSTRUMENT_PITCH_LENGTH_DYNAMIC_TECHNIQUE. A sharp is written `s`; percussion has no pitch:
its part is empty. There are no splits: with one orchestra's copy of each instrument, it serves as
a test of what was learned elsewhere.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.audio import find_audio_files
from timbrespace.corpora.base import (
    CorpusInfo,
    Problem,
    Row,
    Scan,
    corpus_root,
    scan_of,
    wrong_layout,
)
from timbrespace.corpora.names import family_of, midi_pitch

info = CorpusInfo(
    name="philharmonia",
    title="Philharmonia Orchestra sound samples",
    url="https://philharmonia.co.uk/resources/sound-samples/",
    licence="CC BY-SA 3.0; not to be sold or passed on 'as is'",
    layout="""ROOT/
  cello/                       folders are not read, the files may also lie flat
    cello_As2_05_forte_arco-normal.mp3
  percussion/
    bass-drum__1_mezzo-piano_struck-singly.mp3""",
)

_LENGTHS = ("025", "05", "1", "15", "long", "very-long", "phrase")


def scan(root: Path) -> Scan:
    """Read the Philharmonia samples.

    Reported: names that do not have five parts, or a part that cannot be understood; the same
    sample in two places.

    Args:
        root: any folder above the files.

    Raises:
        InputError: there is no such folder, or no file in it is named as the corpus names them.
    """
    root = corpus_root(root, info)
    rows: list[Row] = []
    problems: list[Problem] = []
    for path in find_audio_files(root):
        fault = _name_fault(path.stem)
        if fault:
            problems.append(Problem(path, fault))
        else:
            rows.append(_row(path))
    if not rows:
        raise wrong_layout(root, info)
    return scan_of(rows, problems)


def _name_fault(stem: str) -> str | None:
    parts = stem.split("_")
    if len(parts) != 5 or not parts[0]:
        return "name must have five parts: INSTRUMENT_PITCH_LENGTH_DYNAMIC_TECHNIQUE."
    instrument, pitch, length, _, _ = parts
    if length not in _LENGTHS:
        return f"name has the length {length!r}; lengths are {', '.join(_LENGTHS)}."
    if family_of(instrument) and midi_pitch(pitch) is None:
        return f"name has the pitch {pitch!r}; pitches of {instrument} look like As4."
    return None


def _row(path: Path) -> Row:
    instrument, pitch, _, dynamics, technique = path.stem.split("_")
    return {
        "id": path.stem,
        "path": str(path),
        "instrument": instrument,
        "kind": instrument,
        "family": family_of(instrument),
        "source": "acoustic",
        "pitch_midi": midi_pitch(pitch),
        "dynamics": dynamics,
        "technique": technique,
    }
