"""Which files to hear, of all that a person names.

Comes in: audio files and folders. Goes out: each file once, with the name that it has among them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from timbrespace.audio import AUDIO_SUFFIXES, UNREADABLE_SUFFIXES, find_audio_files
from timbrespace.errors import InputError


class Music(NamedTuple):
    """A file to hear.

    Attributes:
        path: where it is, as it was named.
        inner: its name, below the folder that was named if there was one.
    """

    path: Path
    inner: Path


def find_music(paths: Iterable[Path]) -> list[Music]:
    """Files that are named, and every audio file below folders that are named.

    Audio of a kind that cannot be decoded is there, too, so that it is said that it was not heard.

    Args:
        paths: of files, whatever their names end in, and of folders.

    Returns:
        Each file once, in the order in which they were named; those of a folder sorted.

    Raises:
        InputError: a path is missing, or there is no file.
    """
    found: dict[str, Music] = {}
    for music in _all(paths):
        found.setdefault(place_of(music.path), music)
    if not found:
        raise InputError("there is no audio in what was named; name audio files or their folder.")
    return list(found.values())


def place_of(path: Path) -> str:
    """The absolute path without "..", links not followed: one file, however it was named."""
    return os.path.normpath(path.absolute())


def _all(paths: Iterable[Path]) -> Iterator[Music]:
    for path in paths:
        if path.is_dir():
            files = find_audio_files(path, suffixes=(*AUDIO_SUFFIXES, *UNREADABLE_SUFFIXES))
            yield from (Music(file, file.relative_to(path)) for file in files)
        elif path.is_file():
            yield Music(path, Path(path.name))
        else:
            raise InputError(f"{path}: no such file or folder.")
