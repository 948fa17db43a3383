"""SoundFonts and music → mixes of which it is known who leads."""

from timbrespace.rendering.mixes.corpus import render_mixes
from timbrespace.rendering.mixes.fonts import fonts_of_splits
from timbrespace.rendering.mixes.midi import read_midi
from timbrespace.rendering.mixes.predominance import (
    PredominanceRule,
    Prominence,
    prominences,
)
from timbrespace.rendering.mixes.settings import MixSettings
from timbrespace.rendering.mixes.summary import MixSummary

__all__ = [
    "MixSettings",
    "MixSummary",
    "PredominanceRule",
    "Prominence",
    "fonts_of_splits",
    "prominences",
    "read_midi",
    "render_mixes",
]
