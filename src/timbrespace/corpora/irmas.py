"""IRMAS: excerpts of music, with the instruments that lead in them.

Comes in: the folder that holds the training data, the testing data, or both. Goes out: one row per
excerpt. `labels` are the leading instruments, of `IRMAS_CLASSES`; all others are known not to lead.
`instrument` is the song, which no split parts.

Training files lie in a folder per class and are named `[cla][nod][jaz_blu]0189__2.wav`: class, tags
(drums, genre; not every file has them all), number of the song, number of the excerpt; some have a
number and two underscores before. Testing files have a .txt of the same name beside them, one class
a line, and are named `SONG-EXCERPT.wav`.

IRMAS has no validation data: a share of the training songs is held out, chosen by a checksum of the
song's number, so that every copy of the corpus is split alike.
"""

from __future__ import annotations

import re
import zlib
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

info = CorpusInfo(
    name="irmas",
    title="IRMAS",
    url="https://www.upf.edu/web/mtg/irmas",
    licence="CC BY-NC-SA 3.0",
    citation="Bosch et al. 2012, A comparison of sound segregation techniques for predominant "
    "instrument recognition in musical audio signals, ISMIR; data doi:10.5281/zenodo.1290750",
    layout="""ROOT/
  IRMAS-TrainingData/          folders above the class or the files do not count
    cla/[cla][cla]0189__2.wav
  IRMAS-TestingData-Part1/     any of the parts may be missing
    Part1/02 - And The Body Will Die-8.wav
    Part1/02 - And The Body Will Die-8.txt""",
)

_CLASS_OF = {
    "cel": "cello",
    "cla": "clarinet",
    "flu": "flute",
    "gac": "acoustic-guitar",
    "gel": "electric-guitar",
    "org": "organ",
    "pia": "piano",
    "sax": "saxophone",
    "tru": "trumpet",
    "vio": "violin",
    "voi": "voice",
}

IRMAS_CLASSES = tuple(_CLASS_OF.values())
"""The 11 classes, in the order of the corpus."""

_TRAINING = re.compile(r"(?:\d+__)?\[([a-z]{3})\](?:\[\w+\])*(\d+)__(\d+)")
_TESTING = re.compile(r"(.+)-\d+")
_VALID_PERCENT = 15


def scan(root: Path) -> Scan:
    """Read IRMAS.

    Reported: a training file whose name has another form or another class than its folder, audio
    without a list of classes, a list without audio, lists that are empty or hold something else.

    Args:
        root: any folder above the files.

    Raises:
        InputError: there is no such folder, or no file in it lies and is named as the corpus's.
    """
    root = corpus_root(root, info)
    rows: list[Row] = []
    problems: list[Problem] = []
    files = find_audio_files(root)
    for path in files:
        found = _training_row(path) if path.parent.name in _CLASS_OF else _testing_row(path)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            rows.append(found)
    if not rows:
        raise wrong_layout(root, info)
    return scan_of(rows, problems + _without_audio(root, files))


def _training_row(path: Path) -> Row | Problem:
    name = _TRAINING.fullmatch(path.stem)
    if not name:
        return Problem(path, "name does not look like [cla][nod][jaz_blu]0189__2.wav.")
    code, song, _ = name.groups()
    if code != path.parent.name:
        return Problem(path, f"is named [{code}] but lies in the folder {path.parent.name}.")
    kind = _CLASS_OF[code]
    return {
        "id": path.stem,
        "path": str(path),
        "instrument": f"song-{song}",
        "kind": kind,
        "family": family_of(kind),
        "split": _split_of_song(song),
        "labels": [kind],
    }


def _split_of_song(song: str) -> str:
    return "valid" if zlib.crc32(song.encode()) % 100 < _VALID_PERCENT else "train"


def _testing_row(path: Path) -> Row | Problem:
    labels = _listed_classes(path.with_suffix(".txt"))
    if isinstance(labels, Problem):
        return labels
    song = _TESTING.fullmatch(path.stem)
    kind = labels[0] if len(labels) == 1 else None
    return {
        "id": path.stem,
        "path": str(path),
        "instrument": f"song-{song[1] if song else path.stem}",
        "kind": kind,
        "family": family_of(kind) if kind else None,
        "split": "test",
        "labels": labels,
    }


def _listed_classes(file: Path) -> list[str] | Problem:
    try:
        codes = file.read_text(encoding="utf-8").split()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or fault
        return Problem(file, f"cannot be read ({reason}); it must list the excerpt's classes.")
    strange = [code for code in codes if code not in _CLASS_OF]
    if strange or not codes:
        what = f"lists {strange[0]!r}" if strange else "lists nothing"
        return Problem(file, f"{what}; classes are {', '.join(_CLASS_OF)}.")
    return [_CLASS_OF[code] for code in dict.fromkeys(codes)]


def _without_audio(root: Path, files: list[Path]) -> list[Problem]:
    """Lists of classes whose audio is missing; other text, as a README, is none of ours."""
    stems = {path.with_suffix("") for path in files}
    lists = sorted(file for file in root.rglob("*.txt") if _TESTING.fullmatch(file.stem))
    return [
        Problem(file, "lists classes of audio that is missing.")
        for file in lists
        if file.with_suffix("") not in stems and not isinstance(_listed_classes(file), Problem)
    ]
