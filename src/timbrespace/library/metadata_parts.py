"""Parts of which an audio file is put together anew when its texts change.

Comes in: an open file. Goes out: stretches of it, checked against its length, and new bytes.
"""

from __future__ import annotations

import os
from typing import BinaryIO, NamedTuple

_MOST_TEXT_BYTES = 1 << 24  # of text to be read; more is no text that a person wrote


class BrokenFileError(Exception):
    """The file's parts do not fit together."""


class Part(NamedTuple):
    """New bytes, then a stretch of the old file."""

    head: bytes
    start: int = 0
    size: int = 0


def read_text(file: BinaryIO, start: int, size: int) -> bytes:
    """A stretch that holds text.

    Raises:
        BrokenFileError: it is too large to be text that a person wrote.
    """
    if size > _MOST_TEXT_BYTES:
        raise BrokenFileError(f"{size} bytes of text")
    file.seek(start)
    return file.read(size)


def file_length(file: BinaryIO) -> int:
    """Length of an open file in bytes."""
    return os.fstat(file.fileno()).st_size
