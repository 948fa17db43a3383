"""Keywords in files of chunks: WAV and AIFF.

Comes in: an open file and keywords. Goes out: the parts of the file that has them; the chunk of
keywords stands last, every other chunk is a stretch of the old file.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import BinaryIO

from timbrespace.library.metadata_parts import BrokenFileError, Part, file_length, read_text

_LONGEST = 2**32 - 1
_ANNOTATION = b"Keywords: "


def riff_parts(file: BinaryIO, keywords: Sequence[str]) -> list[Part]:
    """RIFF: chunks, of which LIST INFO holds the texts; it is put last."""
    form, chunks = _chunks(file, "<")
    if form != b"WAVE":
        raise BrokenFileError("a RIFF file without WAVE")
    texts, kept = b"", []
    for name, start, size in chunks:
        if name == b"LIST" and read_text(file, start, min(size, 4)) == b"INFO":
            texts += _without_keywords(read_text(file, start + 4, size - 4))
        else:
            kept.append(Part(b"", start - 8, _even(size) + 8))
    if keywords:
        text = "; ".join(keywords).encode() + b"\0"
        texts += struct.pack("<4sI", b"IKEY", len(text)) + _padded(text)
    if texts:
        kept.append(Part(struct.pack("<4sI4s", b"LIST", len(texts) + 4, b"INFO") + texts))
    return [Part(struct.pack("<4sI4s", b"RIFF", _total(kept), b"WAVE")), *kept]


def _without_keywords(texts: bytes) -> bytes:
    """The texts of an INFO list but IKEY."""
    kept, place = b"", 0
    while place + 8 <= len(texts):
        name, size = struct.unpack_from("<4sI", texts, place)
        entry = texts[place : place + 8 + _even(size)]
        if len(entry) < 8 + size:
            raise BrokenFileError("a text longer than its list")
        kept += b"" if name == b"IKEY" else _padded(entry)
        place += len(entry)
    return kept


def form_parts(file: BinaryIO, keywords: Sequence[str]) -> list[Part]:
    """AIFF: chunks with the high byte first; ours is an annotation, put last."""
    form, chunks = _chunks(file, ">")
    if form not in (b"AIFF", b"AIFC"):
        raise BrokenFileError("a FORM file without AIFF")
    kept = []
    for name, start, size in chunks:
        opening = read_text(file, start, min(size, len(_ANNOTATION))) if name == b"ANNO" else b""
        if opening != _ANNOTATION:
            kept.append(Part(b"", start - 8, _even(size) + 8))
    if keywords:
        text = _ANNOTATION + "; ".join(keywords).encode()
        kept.append(Part(struct.pack(">4sI", b"ANNO", len(text)) + _padded(text)))
    return [Part(struct.pack(">4sI4s", b"FORM", _total(kept), form)), *kept]


def _chunks(file: BinaryIO, order: str) -> tuple[bytes, list[tuple[bytes, int, int]]]:
    """Kind of a RIFF or FORM file, and name, start and size of each chunk."""
    end = file_length(file)
    file.seek(4)
    size, form = struct.unpack(f"{order}I4s", file.read(8))
    stop = size + 8
    if stop > end:
        raise BrokenFileError("it is cut off")
    if stop < end - 1:
        raise BrokenFileError("bytes behind its end")
    chunks, place = [], 12
    while place + 8 <= stop:
        file.seek(place)
        name, length = struct.unpack(f"{order}4sI", file.read(8))
        if place + 8 + length > end:
            raise BrokenFileError("a part longer than the file")
        chunks.append((name, place + 8, length))
        place += 8 + _even(length)
    return form, chunks


def _total(parts: Sequence[Part]) -> int:
    """Size that the header of a RIFF or FORM file tells: the kind and all chunks."""
    total = 4 + sum(len(part.head) + part.size for part in parts)
    if total > _LONGEST:
        raise BrokenFileError("more than 4 GB")
    return total


def _even(size: int) -> int:
    return size + size % 2


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (len(content) % 2)
