"""A folder of MIDI files, parted into splits.

Comes in: the folder and the splits that are wanted. Goes out: which file is whose. A file is in one
split only; which one depends on its place among the readable files, sorted by path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from timbrespace.errors import ConfigError, InputError
from timbrespace.manifest import SPLITS
from timbrespace.rendering.mixes.midi import find_midi_files, read_midi
from timbrespace.rendering.mixes.sources import MidiFile
from timbrespace.rendering.soundfonts import sha256_of

_TURNS = ("train", "test", "train", "valid", "train")
"""Whose each file is in turn, as far as the split is wanted."""


@dataclass(frozen=True, kw_only=True)
class Midi:
    """MIDI files of each split.

    Attributes:
        files: by split.
        checksums: SHA-256 of each file, by split and song.
        problems: what is wrong with the files that cannot be read.
    """

    files: dict[str, tuple[MidiFile, ...]]
    checksums: dict[str, dict[str, str]]
    problems: list[str]

    @classmethod
    def none(cls) -> Midi:
        """No files: music is made."""
        return cls(files=dict.fromkeys(SPLITS, ()), checksums={}, problems=[])


def read_midi_folder(
    folder: Path, splits: Sequence[str], on_progress: Callable[[int, int], None]
) -> Midi:
    """Read every file of a folder once, and part them.

    Args:
        folder: searched with all folders below.
        splits: those that are wanted.
        on_progress: called with the files read and the files in all.

    Raises:
        InputError: there is no such folder, or no MIDI file in it.
        ConfigError: fewer files can be read than splits are wanted.
        MissingDependencyError: mido is not installed.
    """
    paths = find_midi_files(folder)
    sound: list[MidiFile] = []
    problems: list[str] = []
    for done, path in enumerate(paths, 1):
        try:
            read_midi(path)
            sound.append(MidiFile(path.relative_to(folder).with_suffix("").as_posix(), path))
        except InputError as fault:
            problems.append(str(fault))
        on_progress(done, len(paths))
    if len(sound) < len(splits):
        raise ConfigError(
            f"{folder}: {len(sound)} of {len(paths)} MIDI files can be read, for {len(splits)} "
            f"splits ({', '.join(splits)}), which share no file. Add files or ask for fewer "
            f"splits, as with --train 0. {' '.join(problems[:3])}".rstrip()
        )
    files = _parted(sound, splits)
    checksums = {
        split: {file.song: sha256_of(file.path) for file in of_split}
        for split, of_split in files.items()
    }
    return Midi(files=files, checksums=checksums, problems=problems)


def _parted(files: Sequence[MidiFile], splits: Sequence[str]) -> dict[str, tuple[MidiFile, ...]]:
    turns = [split for split in _TURNS if split in splits]
    order = list(dict.fromkeys(turns)) + turns  # each split has one before any has two
    whose = [
        order[place] if place < len(order) else turns[(place - len(order)) % len(turns)]
        for place in range(len(files))
    ]
    return {
        split: tuple(file for file, owner in zip(files, whose, strict=True) if owner == split)
        for split in SPLITS
    }
