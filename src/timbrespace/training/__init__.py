"""A manifest in, a trained encoder out."""

from timbrespace.training.adapting import (
    Adaptation,
    Recordings,
    adapt_encoder,
    adapting_map,
    embed_recordings,
)
from timbrespace.training.recipe import Recipe, build_recipe
from timbrespace.training.run import open_run, train, write_cohort

__all__ = [
    "Adaptation",
    "Recipe",
    "Recordings",
    "adapt_encoder",
    "adapting_map",
    "build_recipe",
    "embed_recordings",
    "open_run",
    "train",
    "write_cohort",
]
