"""Which SoundFont plays in which split.

Comes in: SoundFont files, or none: then those of the catalogue that are installed. Goes out: the
fonts of each split with what each can play. Only bank 0 is played, in which General MIDI says what
an instrument is, and drum kits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from timbrespace.errors import ConfigError, MissingDependencyError
from timbrespace.manifest import SPLITS
from timbrespace.rendering.jobs import SoundFont, read_soundfont
from timbrespace.rendering.presets import PERCUSSION_BANK, list_presets
from timbrespace.rendering.soundfonts import CATALOGUE, find_soundfont, installed_soundfonts

TEST_SOUNDFONT = "TimGM6mb"
"""Held out for test where another is installed: no preset of it was found to play the recordings of
the others (docs/open-notes.md says how they are compared)."""


@dataclass(frozen=True, kw_only=True)
class Font:
    """A SoundFont and what it can play.

    Attributes:
        soundfont: the file and what the catalogue knows of it.
        programs: in bank 0.
        kits: programs of its drum kits.
    """

    soundfont: SoundFont
    programs: frozenset[int]
    kits: frozenset[int]

    def plays(self, program: int, *, drums: bool) -> bool:
        """Whether it has this program, or this kit."""
        return program in (self.kits if drums else self.programs)


Fonts = dict[str, tuple[Font, ...]]
"""The fonts of each split."""


def fonts_of_splits(train: Sequence[Path] = (), test: Sequence[Path] = ()) -> Fonts:
    """Read the SoundFonts of each split; valid has those of train.

    Args:
        train: what plays in train and valid; if empty, all that are installed but `TEST_SOUNDFONT`.
        test: what plays in test; if empty, `TEST_SOUNDFONT`. Where one split would be left without,
            it has what the other has.

    Raises:
        InputError: a file is no SoundFont.
        MissingDependencyError: none is given and none is installed.
        ConfigError: a file is given twice for one split.
    """
    train, test = list(train), list(test)
    installed = {entry.name: find_soundfont(entry.name) for entry in installed_soundfonts()}
    held_out = [installed.pop(TEST_SOUNDFONT)] if TEST_SOUNDFONT in installed else []
    train = train or list(installed.values()) or test or held_out
    test = test or held_out or train
    if not train:
        raise MissingDependencyError(
            "mixes need a SoundFont and none is installed; install them with: apt-get install "
            f"{' '.join(entry.package for entry in CATALOGUE)}"
        )
    fonts = {path: _font(path) for path in {*train, *test}}
    chosen = {"train": train, "valid": train, "test": test}
    for split, paths in chosen.items():
        if len({fonts[path].soundfont.sha256 for path in paths}) < len(paths):
            raise ConfigError(f"a SoundFont is given twice for {split}.")
    return {split: tuple(fonts[path] for path in chosen[split]) for split in SPLITS}


def _font(path: Path) -> Font:
    presets = [preset for preset in list_presets(path) if not preset.breath_controlled]
    return Font(
        soundfont=read_soundfont(path),
        programs=frozenset(preset.program for preset in presets if preset.bank == 0),
        kits=frozenset(preset.program for preset in presets if preset.bank == PERCUSSION_BANK),
    )


def playable(fonts: Sequence[Font], programs: Sequence[int], *, drums: bool = False) -> list[int]:
    """The programs, or kits, that at least one font has."""
    return [
        program for program in programs if any(font.plays(program, drums=drums) for font in fonts)
    ]


def choose_font(
    fonts: Sequence[Font],
    program: int,
    *,
    drums: bool,
    synthetic_share: float,
    rng: np.random.Generator,
) -> Font:
    """One of the fonts that have a program, synthetic ones as seldom as asked for."""
    able = [font for font in fonts if font.plays(program, drums=drums)]
    synthetic = [font for font in able if font.soundfont.is_synthetic]
    recorded = [font for font in able if not font.soundfont.is_synthetic]
    wanted = synthetic if rng.random() < synthetic_share else recorded
    from_these = wanted or able
    return from_these[rng.integers(len(from_these))]
