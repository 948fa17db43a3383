"""SoundFont → corpus: notes rendered by FluidSynth to the NSynth layout."""

from timbrespace.rendering.corpus import render_corpus
from timbrespace.rendering.data_card import data_card
from timbrespace.rendering.fluidsynth import load_fluidsynth
from timbrespace.rendering.general_midi import PITCHED_PROGRAMS, PROGRAMS
from timbrespace.rendering.open_notes import render_open_notes
from timbrespace.rendering.percussion_map import DRUMS
from timbrespace.rendering.pitched import reason_to_leave_out
from timbrespace.rendering.plan import RenderPlan, Settings, plan_corpus
from timbrespace.rendering.presets import Preset, list_presets
from timbrespace.rendering.renderer import NoteRenderer
from timbrespace.rendering.settings import DrumSettings, RenderSettings, whole_numbers
from timbrespace.rendering.soundfonts import (
    CATALOGUE,
    CatalogueEntry,
    find_soundfont,
    installed_soundfonts,
)
from timbrespace.rendering.splits import (
    TEST_KEYS,
    TEST_PROGRAMS,
    VALID_KEYS,
    VALID_PROGRAMS,
    split_of_key,
    split_of_program,
)
from timbrespace.rendering.summary import KindCounts, RenderSummary

__all__ = [
    "CATALOGUE",
    "DRUMS",
    "PITCHED_PROGRAMS",
    "PROGRAMS",
    "TEST_KEYS",
    "TEST_PROGRAMS",
    "VALID_KEYS",
    "VALID_PROGRAMS",
    "CatalogueEntry",
    "DrumSettings",
    "KindCounts",
    "NoteRenderer",
    "Preset",
    "RenderPlan",
    "RenderSettings",
    "RenderSummary",
    "Settings",
    "data_card",
    "find_soundfont",
    "installed_soundfonts",
    "list_presets",
    "load_fluidsynth",
    "plan_corpus",
    "reason_to_leave_out",
    "render_corpus",
    "render_open_notes",
    "split_of_key",
    "split_of_program",
    "whole_numbers",
]
