"""Music in, the instruments that lead out. To train a tagger, see `run`, which loads far more."""

from timbrespace.tagging.activity import Activity
from timbrespace.tagging.export import export_tagger_onnx
from timbrespace.tagging.figure import timeline_figure
from timbrespace.tagging.files import load_tagger, save_tagger, tagger_hash
from timbrespace.tagging.label_track import label_track
from timbrespace.tagging.network import TaggingNetwork
from timbrespace.tagging.tagger import Tagger
from timbrespace.tagging.timeline import Span

__all__ = [
    "Activity",
    "Span",
    "Tagger",
    "TaggingNetwork",
    "export_tagger_onnx",
    "label_track",
    "load_tagger",
    "save_tagger",
    "tagger_hash",
    "timeline_figure",
]
