"""Frames of any number to one vector."""

from timbrespace.models.pooling.lde import LDE
from timbrespace.models.pooling.statistics import AttentiveStatistics, Statistics

__all__ = ["LDE", "AttentiveStatistics", "Statistics"]
