"""Any folder of folders: the corpus that everybody has.

Comes in: a folder. Goes out: one row per audio file below it; the first folder on the way to the
file names the instrument, files at the top have none. All else stays null.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.audio import UNREADABLE_SUFFIXES, find_audio_files
from timbrespace.corpora.base import (
    CorpusInfo,
    Problem,
    Row,
    Scan,
    corpus_root,
    scan_of,
    wrong_layout,
)

info = CorpusInfo(
    name="folder",
    title="any folder of folders",
    licence="that of the sounds in it",
    layout="""ROOT/
  my-violin/                   the first folder is the instrument
    a3.wav
    pizzicato/a3.flac          deeper folders belong to it
  unsorted.mp3                 at the top: no instrument""",
)


def scan(root: Path) -> Scan:
    """Read a folder of folders.

    Reported: audio in formats that cannot be decoded.

    Args:
        root: the folder above the instruments.

    Raises:
        InputError: there is no such folder, or no audio in it.
    """
    root = corpus_root(root, info)
    problems = [
        Problem(path, f"{path.suffix} cannot be decoded; convert it to WAV or FLAC.")
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in UNREADABLE_SUFFIXES
    ]
    rows = [_row(path, path.relative_to(root)) for path in find_audio_files(root)]
    if not rows and not problems:
        raise wrong_layout(root, info)
    return scan_of(rows, problems)


def _row(path: Path, inner: Path) -> Row:
    return {
        "id": inner.as_posix(),
        "path": str(path),
        "instrument": inner.parts[0] if len(inner.parts) > 1 else None,
    }
