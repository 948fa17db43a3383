"""The audio of one sound, as bytes that a browser can play.

Comes in: a sound of the catalogue. Goes out: its bytes, all or a range. A file is served only if
the catalogue holds it and it lies, links followed, in a folder that was added to the library. What
browsers play is sent as it is; AIFF, slices and rare kinds of samples are sent as 16-bit WAV.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from timbrespace.audio.pcm import WavPart
from timbrespace.errors import AudioError

_BLOCK_BYTES = 1 << 18
_UNPLAYED = "application/octet-stream"
_PCM = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT")
_PLAYED = {
    "WAV": ("audio/wav", _PCM),
    "WAVEX": ("audio/wav", _PCM),
    "FLAC": ("audio/flac", ("PCM_S8", "PCM_16", "PCM_24")),
    "OGG": ("audio/ogg", ("VORBIS", "OPUS")),
    "MP3": ("audio/mpeg", ("MPEG_LAYER_III",)),
}


@dataclass(frozen=True)
class Playable:
    """A sound as a browser can play it.

    Attributes:
        media_type: of the bytes.
        suffix: of a file of them.
        size: bytes in all.
        read: gives the bytes from one place to another, block by block.
    """

    media_type: str
    suffix: str
    size: int
    read: Callable[[int, int], Iterator[bytes]]

    def blocks(self) -> Iterator[bytes]:
        """All bytes."""
        return self.read(0, self.size)


def playable(
    path: Path,
    roots: Sequence[Path],
    *,
    start_s: float,
    duration_s: float,
    as_it_is: bool = False,
) -> Playable:
    """How to play a sound.

    Args:
        path: its file, from the catalogue.
        roots: folders that were added to the library.
        start_s: where in the file it begins.
        duration_s: its length.
        as_it_is: give a whole file as it is, whether browsers play it or not.

    Raises:
        AudioError: the file is gone, lies outside of the folders, or cannot be decoded.
    """
    with open_inside(path, roots) as file:
        part = WavPart(file, name=str(path), start_s=start_s, duration_s=duration_s)
        form, samples = part.container
        media_type, playable_samples = _PLAYED.get(form, (_UNPLAYED, ()))
        if part.is_whole and (as_it_is or samples in playable_samples):
            size = os.fstat(file.fileno()).st_size
            return Playable(media_type, path.suffix, size, partial(_file_blocks, path, roots))
        read = partial(_wav_blocks, path, roots, start_s, duration_s)
        return Playable("audio/wav", ".wav", part.size, read)


def open_inside(path: Path, roots: Sequence[Path]) -> BinaryIO:
    """Open a file that lies, links followed, in one of the folders.

    Raises:
        AudioError: it does not, or it is missing or not a regular file.
    """
    try:
        real = Path(os.path.realpath(path, strict=True))
        if not any(real.is_relative_to(os.path.realpath(root)) for root in roots):
            raise AudioError(f"{path.name}: leads out of the library's folders and is not served.")
        file = os.fdopen(os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as fault:
        raise AudioError(f"{path.name}: cannot be read ({fault.strerror}).") from fault
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise AudioError(f"{path.name}: is not a regular file.")
    return file


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """What a `Range` header asks for, as start and stop; None for all of it.

    Args:
        header: as sent; several ranges, or what cannot be read, ask for all.
        size: bytes that there are.

    Raises:
        ValueError: it asks for bytes that there are not.

    Example:
        >>> byte_range("bytes=0-9", 100), byte_range("bytes=-10", 100), byte_range(None, 100)
        ((0, 10), (90, 100), None)
    """
    unit, _, asked = (header or "").partition("=")
    first, dash, last = asked.strip().partition("-")
    digits = (first + last).isascii() and (first + last).isdigit() and len(asked) < 40
    if unit.strip().lower() != "bytes" or not dash or not digits:
        return None
    if first and last and int(first) > int(last):
        return None
    start = int(first) if first else max(0, size - int(last))
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        raise ValueError(f"bytes {asked} of {size}")
    return start, stop


def _file_blocks(path: Path, roots: Sequence[Path], start: int, stop: int) -> Iterator[bytes]:
    with open_inside(path, roots) as file:
        file.seek(start)
        while start < stop and (block := file.read(min(_BLOCK_BYTES, stop - start))):
            start += len(block)
            yield block


def _wav_blocks(
    path: Path, roots: Sequence[Path], start_s: float, duration_s: float, start: int, stop: int
) -> Iterator[bytes]:
    with open_inside(path, roots) as file:
        part = WavPart(file, name=str(path), start_s=start_s, duration_s=duration_s)
        yield from part.blocks(start, stop)
