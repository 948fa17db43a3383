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

from timbrespace.rendering.files import CorpusFolder


@dataclass(frozen=True, kw_only=True)
class MixJob:
    """Some mixes of one split, made by one process in one go."""

    split: str
    numbers: range

    @property
    def name(self) -> str:
        """Split and first number."""
        return f"{self.split}-{self.numbers.start:05}"


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

    def mix_part(self, job: MixJob) -> Path:
        """What came of a job; exists if all of its audio does."""
        return self.root / ".render" / f"{job.name}.json"

    def mix(self, split: str, name: str) -> Path:
        """The file of a mix."""
        return self.root / split / f"{name}.wav"

    def stem(self, name: str, number: int) -> Path:
        """The file of a stem of a mix."""
        return self.root / "stems" / f"{name}-{number}.wav"
