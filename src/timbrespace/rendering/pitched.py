"""The pitched instruments of a SoundFont.

Comes in: a SoundFont, its presets and settings. Goes out: a job for each preset that is a pitched
instrument, named `FAMILY_SOURCE_SOUNDFONT_BANK_PROGRAM`.
"""

from __future__ import annotations

from collections.abc import Iterator

from timbrespace.rendering.general_midi import PROGRAMS
from timbrespace.rendering.jobs import InstrumentJob, SoundFont
from timbrespace.rendering.presets import PERCUSSION_BANK, Preset
from timbrespace.rendering.settings import RenderSettings
from timbrespace.rendering.splits import split_of_program


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


def pitched_jobs(
    soundfont: SoundFont, preset: Preset, settings: RenderSettings
) -> Iterator[InstrumentJob]:
    """The one instrument that a pitched preset is."""
    program = PROGRAMS[preset.program]
    source = "synthetic" if soundfont.is_synthetic else program.source or ""
    number = f"{preset.bank:03}_{preset.program:03}"
    yield InstrumentJob(
        soundfont=soundfont,
        preset=preset,
        instrument=f"{program.family}_{source}_{soundfont.word}_{number}",
        kind=program.name,
        family=program.family,
        source=source,
        split=split_of_program(
            preset.program, valid=settings.valid_programs, test=settings.test_programs
        ),
        pitches=tuple(pitch for pitch in settings.pitches if pitch in preset.keys),
    )
