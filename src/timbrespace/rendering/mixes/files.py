"""Where things lie in a corpus of mixes.

Comes in: the folder. Goes out: the paths in it.

    FOLDER/
      README.md                  the data card
      render.json                what was asked for and what came of it
      manifest.parquet           a row per mix
      stems.parquet              a row per stem
      train/MIX.wav              and valid/, test/
      stems/MIX-NUMBER.wav       as they sound in the mix, if asked for
      .render/                   lets a stopped run go on
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from timbrespace.rendering.files import CorpusFolder


class MixJob(NamedTuple):
    """One mix."""

    split: str
    number: int


@dataclass(frozen=True, kw_only=True)
class MixPart:
    """Some mixes of one split, of which one file says what came."""

    split: str
    numbers: range

    @property
    def name(self) -> str:
        """Split and first number."""
        return f"{self.split}-{self.numbers.start:05}"

    @property
    def jobs(self) -> list[MixJob]:
        """Its mixes."""
        return [MixJob(self.split, number) for number in self.numbers]


@dataclass(frozen=True)
class MixFolder(CorpusFolder):
    """The folder of a corpus of mixes."""

    @property
    def manifest(self) -> Path:
        """One row per mix."""
        return self.root / "manifest.parquet"

    @property
    def stem_table(self) -> Path:
        """One row per stem."""
        return self.root / "stems.parquet"

    def mix_part(self, part: MixPart) -> Path:
        """What came of the mixes of a part; written when all of their audio was."""
        return self.root / ".render" / f"{part.name}.json"

    def mix(self, split: str, name: str) -> Path:
        """The file of a mix."""
        return self.root / split / f"{name}.wav"

    def stem(self, name: str, number: int) -> Path:
        """The file of a stem of a mix."""
        return self.root / "stems" / f"{name}-{number}.wav"
