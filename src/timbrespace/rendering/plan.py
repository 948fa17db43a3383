"""What to render: one job for each preset that is a pitched instrument.

Comes in: SoundFont files and settings. Goes out: a `RenderPlan`, whose jobs name the instruments:
`FAMILY_SOURCE_SOUNDFONT_BANK_PROGRAM`, as NSynth does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from timbrespace.errors import ConfigError
from timbrespace.rendering.general_midi import PROGRAMS
from timbrespace.rendering.presets import PERCUSSION_BANK, Preset, list_presets
from timbrespace.rendering.settings import RenderSettings
from timbrespace.rendering.soundfonts import entry_of_checksum, sha256_of
from timbrespace.rendering.splits import split_of_program


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


@dataclass(frozen=True, kw_only=True)
class PresetJob:
    """One instrument: a preset of a SoundFont, and which notes of it are wanted.

    Attributes:
        number: counts the instruments of the corpus from 0.
        soundfont: its SoundFont.
        preset: its preset.
        split: train, valid or test.
        pitches: those wanted that lie in the preset's key range; may be empty.
    """

    number: int
    soundfont: SoundFont
    preset: Preset
    split: str
    pitches: tuple[int, ...]

    @property
    def family(self) -> str:
        """NSynth's word for how the sound is made."""
        return PROGRAMS[self.preset.program].family or ""

    @property
    def source(self) -> str:
        """acoustic, electronic or synthetic."""
        if self.soundfont.is_synthetic:
            return "synthetic"
        return PROGRAMS[self.preset.program].source or ""

    @property
    def instrument(self) -> str:
        """Name of the instrument, the same in every corpus that renders this SoundFont."""
        number = f"{self.preset.bank:03}_{self.preset.program:03}"
        return f"{self.family}_{self.source}_{self.soundfont.word}_{number}"

    def note(self, pitch: int, velocity: int) -> str:
        """Name of one of its notes: the stem of its file."""
        return f"{self.instrument}-{pitch:03}-{velocity:03}"


@dataclass(frozen=True, kw_only=True)
class RenderPlan:
    """All that is to be rendered.

    Attributes:
        settings: as given.
        soundfonts: in the order given.
        jobs: by SoundFont, bank and program.
        left_out: how many presets are not rendered, by reason.
    """

    settings: RenderSettings
    soundfonts: tuple[SoundFont, ...]
    jobs: tuple[PresetJob, ...]
    left_out: dict[str, int]

    @property
    def n_notes(self) -> int:
        """Notes to render, before silent and clipped ones are dropped."""
        return sum(len(job.pitches) for job in self.jobs) * len(self.settings.velocities)


def plan_corpus(soundfonts: Sequence[Path], settings: RenderSettings) -> RenderPlan:
    """Decide what to render.

    Raises:
        InputError: a file is no SoundFont.
        ConfigError: two SoundFonts have the same content or the same letters and digits in their
            names, or no preset is left.
    """
    described = tuple(_describe(path) for path in soundfonts)
    _check_distinct(described, [soundfont.sha256 for soundfont in described], "content")
    _check_distinct(described, [soundfont.word for soundfont in described], "letters in its name")
    left_out: Counter[str] = Counter()
    chosen: list[tuple[SoundFont, Preset]] = []
    for soundfont in described:
        for preset in list_presets(soundfont.path):
            reason = reason_to_leave_out(preset, settings)
            if reason:
                left_out[reason] += 1
            else:
                chosen.append((soundfont, preset))
    jobs = tuple(_jobs(chosen, settings))
    if not any(job.pitches for job in jobs):
        raise ConfigError("no preset of these SoundFonts plays the programs and pitches asked for.")
    return RenderPlan(
        settings=settings, soundfonts=described, jobs=jobs, left_out=dict(sorted(left_out.items()))
    )


def reason_to_leave_out(preset: Preset, settings: RenderSettings) -> str | None:
    """Why a preset is not rendered; None if it is.

    Presets under breath control are left out since each doubles another preset.
    """
    if preset.bank == PERCUSSION_BANK:
        return "percussion"
    if PROGRAMS[preset.program].family is None:
        return "not pitched"
    if preset.breath_controlled:
        return "breath-controlled"
    return None if preset.program in settings.programs else "not asked for"


def _describe(path: Path) -> SoundFont:
    sha256 = sha256_of(path)
    entry = entry_of_checksum(sha256)
    return SoundFont(
        path=path,
        name=entry.name if entry else path.stem,
        sha256=sha256,
        licence=entry.licence if entry else None,
        is_synthetic=entry.is_synthetic if entry else False,
    )


def _check_distinct(soundfonts: Sequence[SoundFont], values: Sequence[str], what: str) -> None:
    counts = Counter(values)
    paths = [str(s.path) for s, value in zip(soundfonts, values, strict=True) if counts[value] > 1]
    if paths:
        raise ConfigError(f"more than one SoundFont has the same {what}: {', '.join(paths)}.")


def _jobs(
    chosen: Sequence[tuple[SoundFont, Preset]], settings: RenderSettings
) -> Iterator[PresetJob]:
    for number, (soundfont, preset) in enumerate(chosen):
        yield PresetJob(
            number=number,
            soundfont=soundfont,
            preset=preset,
            split=split_of_program(
                preset.program, valid=settings.valid_programs, test=settings.test_programs
            ),
            pitches=tuple(pitch for pitch in settings.pitches if pitch in preset.keys),
        )
