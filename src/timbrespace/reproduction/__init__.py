"""A published paper's tables and figures, from sounds to a report."""

from timbrespace.reproduction.paper import Reproduction, reproduce
from timbrespace.reproduction.plan import Request
from timbrespace.reproduction.shi2022 import ROWS, SEEDS

__all__ = ["ROWS", "SEEDS", "Reproduction", "Request", "reproduce"]
