"""Keywords in FLAC files.

Comes in: an open file and keywords. Goes out: the parts of the file that has them: the block of
comments is made anew, every other block and the frames are stretches of the old file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from timbrespace.library.metadata_parts import BrokenFileError, Part, file_length, read_text

_COMMENT, _LAST = 4, 0x80
_LONGEST_BLOCK = 2**24 - 1


def flac_parts(file: BinaryIO, keywords: Sequence[str]) -> list[Part]:
    """FLAC: metadata blocks, then frames; comments stand in one block."""
    blocks, frames = _blocks(file)
    comment = struct.pack("<I", 0) + struct.pack("<I", 0)
    kept = []
    for kind, start, size in blocks:
        if kind == _COMMENT:
            comment = read_text(file, start, size)
        else:
            kept.append((kind, Part(b"", start, size)))
    content = _comment(comment, keywords)
    if len(content) > _LONGEST_BLOCK:
        raise BrokenFileError("more text than a block may hold")
    kept.insert(1, (_COMMENT, Part(content)))  # behind the stream's description
    parts = [Part(b"fLaC")]
    for number, (kind, part) in enumerate(kept, start=1):
        last = _LAST if number == len(kept) else 0
        size = len(part.head) + part.size
        parts += [Part(struct.pack(">I", (kind | last) << 24 | size)), part]
    return [*parts, Part(b"", frames, file_length(file) - frames)]


def _blocks(file: BinaryIO) -> tuple[list[tuple[int, int, int]], int]:
    """Kind, start and size of each metadata block; where the frames start."""
    blocks, place, last = [], 4, 0
    while not last:
        file.seek(place)
        (header,) = struct.unpack(">I", file.read(4))
        last, kind, size = header >> 31, header >> 24 & 0x7F, header & 0xFFFFFF
        if place + 4 + size > file_length(file):
            raise BrokenFileError("a part longer than the file")
        blocks.append((kind, place + 4, size))
        place += 4 + size
    if not blocks or blocks[0][0] != 0:
        raise BrokenFileError("no description of the stream")
    return blocks, place


def _comment(old: bytes, keywords: Sequence[str]) -> bytes:
    """A block of comments with its KEYWORDS replaced."""
    entries = list(_texts(old))
    vendor, comments = entries[0], entries[1:]
    kept = [text for text in comments if not text.upper().startswith(b"KEYWORDS=")]
    kept += [b"KEYWORDS=" + keyword.encode() for keyword in keywords]
    lines = b"".join(struct.pack("<I", len(text)) + text for text in kept)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(kept)) + lines


def _texts(block: bytes) -> Iterator[bytes]:
    """The vendor's text, then the comments."""
    place = 0

    def text() -> bytes:
        nonlocal place
        (size,) = struct.unpack_from("<I", block, place)
        found = block[place + 4 : place + 4 + size]
        if len(found) < size:
            raise BrokenFileError("a text longer than its block")
        place += 4 + size
        return found

    yield text()
    (count,) = struct.unpack_from("<I", block, place)
    place += 4
    for _ in range(count):
        yield text()
