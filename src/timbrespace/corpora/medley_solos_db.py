"""Medley-solos-DB: excerpts of solos by eight instruments.

Comes in: the folder that holds `annotation/Medley-solos-DB_metadata.csv` and `audio/`. Goes out:
one row per line of the metadata, with the official splits. `instrument` is the song, which no split
parts; `kind` is the instrument in the corpus's words and `labels` the class of IRMAS that it
belongs to, so that one tagger serves both.
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
from timbrespace.corpora.names import family_of
from timbrespace.corpora.tables import Line, read_csv

info = CorpusInfo(
    name="medley-solos-db",
    title="Medley-solos-DB",
    url="https://doi.org/10.5281/zenodo.3464194",
    licence="CC BY 4.0",
    citation="Lostanlen & Cella 2016, Deep convolutional networks on the pitch spiral for musical "
    "instrument recognition, ISMIR, arXiv:1605.06644; data doi:10.5281/zenodo.3464194",
    layout="""ROOT/
  annotation/Medley-solos-DB_metadata.csv
  audio/
    Medley-solos-DB_validation-3_d07b1fc0-567d-52c2-fef4-239f31c9d40e.wav""",
)

_METADATA = Path("annotation", "Medley-solos-DB_metadata.csv")
_COLUMNS = ("subset", "instrument_id", "song_id", "uuid4")
_SPLITS = {"training": "train", "validation": "valid", "test": "test"}
_KINDS = (
    ("clarinet", "clarinet"),
    ("distorted-electric-guitar", "electric-guitar"),
    ("female-singer", "voice"),
    ("flute", "flute"),
    ("piano", "piano"),
    ("tenor-saxophone", "saxophone"),
    ("trumpet", "trumpet"),
    ("violin", "violin"),
)
"""By `instrument_id`: the instrument, and the class of IRMAS that it belongs to."""


def scan(root: Path) -> Scan:
    """Read Medley-solos-DB.

    Reported: metadata that cannot be read or lacks columns, lines with missing or wrong values,
    missing audio, audio without a line, songs that cross splits.

    Args:
        root: the folder above `annotation` and `audio`.

    Raises:
        InputError: there is no such folder, or no metadata file or audio folder in it.
    """
    root = corpus_root(root, info)
    metadata, audio = root / _METADATA, root / "audio"
    if not (metadata.is_file() and audio.is_dir()):
        raise wrong_layout(root, info)
    table = read_csv(metadata)
    if isinstance(table, Problem):
        return scan_of([], [table])
    names, lines = table
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        return scan_of([], [Problem(metadata, f"lacks the columns {', '.join(missing)}.")])
    found = set(find_audio_files(audio))
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=2):
        path = audio / _file_name(line)
        fault = _line_fault(line)
        if fault:
            problems.append(Problem(metadata, f"line {number} {fault}"))
        elif path not in found:
            problems.append(Problem(path, f"is missing (line {number})."))
        else:
            rows.append(_row(path, line))
    extra = sorted(found - {audio / _file_name(line) for line in lines})
    problems += [Problem(path, f"has no line in {metadata}.") for path in extra]
    return scan_of(rows, problems)


def _file_name(line: Line) -> str:
    return f"Medley-solos-DB_{line['subset']}-{line['instrument_id']}_{line['uuid4']}.wav"


def _line_fault(line: Line) -> str | None:
    empty = [name for name in _COLUMNS if not line[name]]
    if empty:
        return f"lacks {', '.join(empty)}."
    if line["subset"] not in _SPLITS:
        return f"has the subset {line['subset']!r}; known are {', '.join(_SPLITS)}."
    number = line["instrument_id"]
    if not (number.isdecimal() and int(number) < len(_KINDS)):
        return f"has the instrument_id {number!r}; known are 0 to {len(_KINDS) - 1}."
    return None


def _row(path: Path, line: Line) -> Row:
    kind, label = _KINDS[int(line["instrument_id"])]
    return {
        "id": line["uuid4"],
        "path": str(path),
        "instrument": f"song-{line['song_id']}",
        "kind": kind,
        "family": family_of(kind),
        "split": _SPLITS[line["subset"]],
        "labels": [label],
    }
