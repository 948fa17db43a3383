"""SoundFont → corpus: notes rendered by FluidSynth to the NSynth layout."""

from timbrespace.rendering.corpus import render_corpus
from timbrespace.rendering.fluidsynth import load_fluidsynth
from timbrespace.rendering.general_midi import PITCHED_PROGRAMS, PROGRAMS
from timbrespace.rendering.plan import RenderPlan, plan_corpus, reason_to_leave_out
from timbrespace.rendering.presets import Preset, list_presets
from timbrespace.rendering.renderer import NoteRenderer
from timbrespace.rendering.settings import RenderSettings, whole_numbers
from timbrespace.rendering.soundfonts import (
    CATALOGUE,
    CatalogueEntry,
    find_soundfont,
    installed_soundfonts,
)
from timbrespace.rendering.splits import TEST_PROGRAMS, VALID_PROGRAMS, split_of_program
from timbrespace.rendering.tables import RenderSummary

__all__ = [
    "CATALOGUE",
    "PITCHED_PROGRAMS",
    "PROGRAMS",
    "TEST_PROGRAMS",
    "VALID_PROGRAMS",
    "CatalogueEntry",
    "NoteRenderer",
    "Preset",
    "RenderPlan",
    "RenderSettings",
    "RenderSummary",
    "find_soundfont",
    "installed_soundfonts",
    "list_presets",
    "load_fluidsynth",
    "plan_corpus",
    "reason_to_leave_out",
    "render_corpus",
    "split_of_program",
    "whole_numbers",
]
