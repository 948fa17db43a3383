"""Zhong et al. 2023: pre-training on notes for instruments that lead in music."""

from timbrespace.reproduction.zhong2023.paper import FRACTIONS, ROWS, SEEDS
from timbrespace.reproduction.zhong2023.plan import Request
from timbrespace.reproduction.zhong2023.reproduce import TaggingReproduction, reproduce_tagging

__all__ = ["FRACTIONS", "ROWS", "SEEDS", "Request", "TaggingReproduction", "reproduce_tagging"]
