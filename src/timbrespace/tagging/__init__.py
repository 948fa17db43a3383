"""Music in, the instruments that lead out. To train a tagger, see `run`, which loads far more."""

from timbrespace.tagging.activity import Activity
from timbrespace.tagging.files import load_tagger, save_tagger
from timbrespace.tagging.network import TaggingNetwork
from timbrespace.tagging.tagger import Tagger

__all__ = ["Activity", "Tagger", "TaggingNetwork", "load_tagger", "save_tagger"]
