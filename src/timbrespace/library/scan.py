"""Find the audio below folders, file by file, however many there are.

Comes in: folders and files. Goes out: each audio file with its size and time, and a line for each
place that cannot be looked into. Hidden names, folders of libraries, and folders that were seen
already under another name (links may run in circles) are left out.
"""

from __future__ import annotations

import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timbrespace.audio import AUDIO_SUFFIXES, UNREADABLE_SUFFIXES
from timbrespace.errors import InputError
from timbrespace.library.catalogue import CATALOGUE
from timbrespace.manifest import FAMILIES, SOURCES

_NSYNTH_NAME = re.compile(
    rf"((?:{'|'.join(FAMILIES)})_(?:{'|'.join(SOURCES)})_.+)-\d{{3}}-(\d{{3}})"
)


@dataclass(frozen=True)
class FoundFile:
    """An audio file as it lies on the disk.

    Attributes:
        path: absolute, links not resolved.
        size: in bytes.
        mtime_ns: when it was changed last.
        instrument: what its place says that it is; None if it says nothing.
        velocity: what its name says, 0 to 127; None if it says nothing.
    """

    path: str
    size: int
    mtime_ns: int
    instrument: str | None
    velocity: int | None


def scan(places: Iterable[Path], on_problem: Callable[[str], None]) -> Iterator[FoundFile]:
    """Every audio file in and below `places`, each real folder once.

    Args:
        places: folders, and audio files.
        on_problem: called with a line for each folder that cannot be listed and each file that
            cannot be asked for its size or is a device or a pipe.

    Raises:
        InputError: a place is missing, or is a file that is no audio.
    """
    seen: set[tuple[int, int]] = set()
    for place in places:
        root = scannable(place)
        if root.is_dir():
            yield from _scan_folder(root, seen, on_problem)
        else:
            yield _found(root.stat(), str(root), root.parent)


def scannable(place: str | Path) -> Path:
    """The absolute path of a folder or an audio file.

    Raises:
        InputError: it is missing, or is a file that is no audio.
    """
    root = absolute(place)
    if not root.exists():
        raise InputError(f"{place}: no such file or folder.")
    if not root.is_dir() and not _is_audio(root.name):
        raise InputError(f"{place}: neither a folder nor an audio file.")
    return root


def absolute(place: str | Path) -> Path:
    """A path from the root on, without "..", links as they are."""
    return Path(os.path.abspath(place))  # noqa: PTH100 (resolve() would follow links)


def label_of(path: str, root: Path) -> tuple[str | None, int | None]:
    """Instrument and velocity that a file's place tells.

    The name of a note of NSynth or of `timbrespace render` tells both; else the first folder below
    `root` is the instrument.

    Args:
        path: of the file, below `root`.
        root: the folder that was added.

    Example:
        >>> label_of("/all/oboe/long/a3.wav", Path("/all"))
        ('oboe', None)
        >>> label_of("/all/test/reed_acoustic_023-060-127.wav", Path("/all"))
        ('reed_acoustic_023', 127)
        >>> label_of("/all/test/flute_acoustic_FluidR3_000_077-048-100.wav", Path("/all"))
        ('flute_acoustic_FluidR3_000_077', 100)
    """
    parts = Path(path).relative_to(root).parts
    nsynth = _NSYNTH_NAME.fullmatch(Path(path).stem)
    if nsynth:
        return nsynth[1], int(nsynth[2])
    return (parts[0] if len(parts) > 1 else None), None


def _scan_folder(
    root: Path, seen: set[tuple[int, int]], on_problem: Callable[[str], None]
) -> Iterator[FoundFile]:
    folders, linked = deque([str(root)]), deque[str]()
    while folders or linked:
        folder = folders.popleft() if folders else linked.popleft()  # real names come first
        try:
            status = os.stat(folder)  # noqa: PTH116
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as fault:
            on_problem(f"{folder}: cannot be listed ({fault.strerror}).")
            continue
        place = (status.st_dev, status.st_ino)
        if place in seen or any(entry.name == CATALOGUE for entry in entries):
            continue
        seen.add(place)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir():
                    (linked if entry.is_symlink() else folders).append(entry.path)
                elif not _is_audio(entry.name):
                    continue
                elif stat.S_ISREG(entry.stat().st_mode):
                    yield _found(entry.stat(), entry.path, root)
                else:
                    on_problem(f"{entry.path}: is not a regular file.")
            except OSError as fault:
                on_problem(f"{entry.path}: cannot be read ({fault.strerror}).")


def _is_audio(name: str) -> bool:
    return name.lower().endswith((*AUDIO_SUFFIXES, *UNREADABLE_SUFFIXES))


def _found(status: os.stat_result, path: str, root: Path) -> FoundFile:
    return FoundFile(path, status.st_size, status.st_mtime_ns, *label_of(path, root))
