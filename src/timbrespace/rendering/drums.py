"""The drums of a SoundFont.

Comes in: a SoundFont, its presets and settings. Goes out: for each drum kit (bank 128) a job for
each of its keys, which is an instrument of its own: `percussion_SOURCE_SOUNDFONT_128_KIT_KEY`.

Kits lie at programs of Roland's GS standard, variants beside them: those from 24 on are electronic,
those from 48 on have other key maps (orchestra, marching band, metronome), where a key is not the
drum that General MIDI has there; they are left out.

Source: Roland 1991, SC-55 Owner's Manual, table of drum sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from timbrespace.rendering.jobs import InstrumentJob, SoundFont
from timbrespace.rendering.percussion_map import DRUMS
from timbrespace.rendering.presets import PERCUSSION_BANK, Preset
from timbrespace.rendering.settings import DrumSettings
from timbrespace.rendering.splits import split_of_key

_SOURCE_OF_KIT = {24: "electronic", 25: "synthetic"}
"""Drum pads, and the TR-808 drum machine, which is a synthesizer; other kits are recorded drums."""

_ORCHESTRA_KIT = 48


def reason_to_leave_out_kit(preset: Preset) -> str | None:
    """Why a preset is not rendered as a drum kit; None if it is."""
    if preset.bank != PERCUSSION_BANK:
        return "no drum kit"
    return None if preset.program < _ORCHESTRA_KIT else "another key map"


def drum_jobs(
    soundfont: SoundFont, preset: Preset, settings: DrumSettings
) -> Iterator[InstrumentJob]:
    """The drums of a kit, by key."""
    source = _SOURCE_OF_KIT.get(preset.program, "acoustic")
    source = "synthetic" if soundfont.is_synthetic else source
    kit = f"percussion_{source}_{soundfont.word}_{preset.bank:03}_{preset.program:03}"
    for key in settings.keys:
        if key in preset.keys:
            yield InstrumentJob(
                soundfont=soundfont,
                preset=preset,
                instrument=f"{kit}_{key:03}",
                kind=DRUMS[key],
                family=None,
                source=source,
                split=split_of_key(key, valid=settings.valid_keys, test=settings.test_keys),
                pitches=(key,),
            )
