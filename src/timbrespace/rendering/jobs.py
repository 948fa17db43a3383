"""What is rendered: SoundFonts, and one job for each instrument.

Comes in: SoundFont files. Goes out: what the catalogue knows of them. An instrument is a preset, or
a key of a drum kit; its notes are named after it, as NSynth does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from timbrespace.rendering.presets import Preset
from timbrespace.rendering.soundfonts import entry_of_checksum, sha256_of


@dataclass(frozen=True, kw_only=True)
class SoundFont:
    """A SoundFont file that is rendered.

    Attributes:
        path: where it lies.
        name: the catalogue's name for it, or the file's stem.
        sha256: of the file.
        licence: None if the catalogue does not know the file.
        is_synthetic: all its sounds are those of a synthesizer.
    """

    path: Path
    name: str
    sha256: str
    licence: str | None
    is_synthetic: bool

    @property
    def word(self) -> str:
        """Its letters and digits, as they stand in the names of its notes."""
        return re.sub(r"[^A-Za-z0-9]", "", self.name)


def read_soundfont(path: Path) -> SoundFont:
    """A SoundFont file, with what the catalogue knows of it by its checksum."""
    sha256 = sha256_of(path)
    entry = entry_of_checksum(sha256)
    return SoundFont(
        path=path,
        name=entry.name if entry else path.stem,
        sha256=sha256,
        licence=entry.licence if entry else None,
        is_synthetic=entry.is_synthetic if entry else False,
    )


@dataclass(frozen=True, kw_only=True)
class InstrumentJob:
    """One instrument, and which notes of it are wanted.

    Attributes:
        soundfont: its SoundFont.
        preset: its preset.
        instrument: its name, the same in every corpus that renders this SoundFont.
        kind: what it is an example of, equal in all SoundFonts: a program's name in General MIDI,
            or a drum's.
        family: NSynth's word for how the sound is made; None for drums.
        source: acoustic, electronic or synthetic.
        split: train, valid or test.
        pitches: those wanted that lie in the preset's key range, or a drum's key; may be empty.
    """

    soundfont: SoundFont
    preset: Preset
    instrument: str
    kind: str
    family: str | None
    source: str
    split: str
    pitches: tuple[int, ...]

    def note(self, pitch: int, velocity: int) -> str:
        """Name of one of its notes: the stem of its file."""
        return f"{self.instrument}-{pitch:03}-{velocity:03}"
