"""A manifest in, a trained encoder out."""

from timbrespace.training.recipe import Recipe, build_recipe
from timbrespace.training.run import open_run, train

__all__ = ["Recipe", "build_recipe", "open_run", "train"]
