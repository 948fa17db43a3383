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
from timbrespace.rendering.jobs import SoundFont, read_soundfont
from timbrespace.rendering.presets import PERCUSSION_BANK, list_presets
from timbrespace.rendering.soundfonts import CATALOGUE, find_soundfont, installed_soundfonts

HELD_OUT = {"valid": "TimGM6mb", "test": "sf_GMbank"}
"""SoundFonts that train does not hear, where they are installed. They hold many of the same samples
(docs/mixes.md), and none of the others' that could be found: what is learnt hears neither, and what
is chosen on valid may suit test more than it suits a SoundFont of a third origin."""


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


def fonts_of_splits(
    train: Sequence[Path] = (), valid: Sequence[Path] = (), test: Sequence[Path] = ()
) -> Fonts:
    """Read the SoundFonts of each split.

    Args:
        train: what plays in train; if empty, all that are installed but those of `HELD_OUT`.
        valid: what plays in valid; if empty, that of `HELD_OUT`, or else what plays in train.
        test: what plays in test; if empty, that of `HELD_OUT`, or else that of valid.

    Raises:
        InputError: a file is no SoundFont.
        MissingDependencyError: none is given and none is installed.
        ConfigError: a file is given twice for one split.
    """
    installed = {entry.name: find_soundfont(entry.name) for entry in installed_soundfonts()}
    kept = {split: [installed.pop(name)] for split, name in HELD_OUT.items() if name in installed}
    chosen = {
        "train": list(train or installed.values()),
        "valid": list(valid or kept.get("valid", ())),
        "test": list(test or kept.get("test", ())),
    }
    chosen["train"] = chosen["train"] or chosen["valid"] or chosen["test"]
    chosen["test"] = chosen["test"] or chosen["valid"] or chosen["train"]
    chosen["valid"] = chosen["valid"] or chosen["train"]
    if not chosen["train"]:
        raise MissingDependencyError(
            "mixes need a SoundFont and none is installed; install them with: apt-get install "
            f"{' '.join(entry.package for entry in CATALOGUE)}"
        )
    fonts = {path: _font(path) for paths in chosen.values() for path in paths}
    for split, paths in chosen.items():
        if len({fonts[path].soundfont.sha256 for path in paths}) < len(paths):
            raise ConfigError(f"a SoundFont is given twice for {split}.")
    return {split: tuple(fonts[path] for path in paths) for split, paths in chosen.items()}


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
