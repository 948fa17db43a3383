"""Write tags into audio files, as keywords that other programs show, the sound left as it is.

Comes in: a WAV, AIFF or FLAC file and tags. Goes out: the same file with its keywords replaced;
every other part of it is copied byte by byte, and the file is replaced whole or not at all. Other
formats are not written to: MP3 and OGG would need their tags rebuilt around what others wrote.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from timbrespace.errors import AudioError, InputError
from timbrespace.library.metadata_chunks import form_parts, riff_parts
from timbrespace.library.metadata_flac import flac_parts
from timbrespace.library.metadata_parts import BrokenFileError, Part

WRITABLE_SUFFIXES = (".wav", ".aif", ".aiff", ".flac")

_LAYOUTS: dict[bytes, Callable[[BinaryIO, Sequence[str]], list[Part]]] = {
    b"RIFF": riff_parts,
    b"FORM": form_parts,
    b"fLaC": flac_parts,
}


def write_keywords(path: Path, keywords: Sequence[str]) -> None:
    """Replace the keywords of an audio file.

    WAV: IKEY in the INFO list. AIFF: an annotation that opens with "Keywords: ". FLAC: the comment
    KEYWORDS, once for each.

    Args:
        path: ends in .wav, .aif, .aiff or .flac.
        keywords: none takes them away.

    Raises:
        InputError: the format is none of these, or nothing can be written here.
        AudioError: the file is broken, or its parts are too large; it is left as it was.
    """
    if path.suffix.lower() not in WRITABLE_SUFFIXES:
        raise InputError(
            f"{path}: tags are written into {', '.join(WRITABLE_SUFFIXES)} files only; of others "
            "the library keeps them."
        )
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            if magic not in _LAYOUTS:
                raise AudioError(f"{path}: is not a plain WAV, AIFF or FLAC file.")
            _replace(path, file, _LAYOUTS[magic](file, keywords))
    except (BrokenFileError, struct.error) as fault:
        raise AudioError(f"{path}: its parts are broken ({fault}); left as it was.") from fault
    except OSError as fault:
        raise InputError(f"{path}: cannot be written ({fault.strerror}).") from fault


def _replace(path: Path, old: BinaryIO, parts: Sequence[Part]) -> None:
    """Write the parts beside the file, then put them in its place; its rights are kept."""
    target = path.resolve()  # a link stays a link
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as new:
        try:
            for part in parts:
                new.write(part.head)
                _copy(old, new, part)
            new.flush()
            os.fsync(new.fileno())
            shutil.copymode(target, new.name)
            Path(new.name).replace(target)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def _copy(old: BinaryIO, new: IO[bytes], part: Part) -> None:
    old.seek(part.start)
    left = part.size
    while left:
        block = old.read(min(left, 1 << 20))
        if not block:  # the last chunk of a file may lack its byte of padding
            new.write(b"\0" * left)
            return
        new.write(block)
        left -= len(block)
