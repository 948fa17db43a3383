"""Find audio files, and tell whether one changed.

Comes in: a folder or a path. Goes out: paths, sorted; or a stamp to compare.
"""

from __future__ import annotations

from pathlib import Path

from timbrespace.audio.decode import AUDIO_SUFFIXES
from timbrespace.errors import InputError


def find_audio_files(folder: Path, *, suffixes: tuple[str, ...] = AUDIO_SUFFIXES) -> list[Path]:
    """Every file below `folder` whose name ends like audio, sorted; hidden files are left out.

    Args:
        folder: where to look.
        suffixes: that a name may end in, in small letters.

    Raises:
        InputError: `folder` is not a folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder.")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in suffixes and not path.name.startswith(".")
    )


def file_stamp(path: Path) -> str:
    """Size and time of a file as one word, to see that it changed; empty if it is missing."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"
