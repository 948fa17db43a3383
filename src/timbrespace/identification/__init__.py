"""Embeddings in, class probabilities out: teach classifiers on sounds, identify sounds by them."""

from timbrespace.identification.classifier import Classifier
from timbrespace.identification.files import load_classifier, save_classifier
from timbrespace.identification.identifier import (
    Answer,
    Identification,
    Identifier,
    encoder_folder,
    identify,
    load_identifier,
    load_shipped,
)
from timbrespace.identification.judgement import Judgement
from timbrespace.identification.lesson import Lesson, lesson_of
from timbrespace.identification.sounds import embed_lesson, gather_lesson
from timbrespace.identification.teaching import Taught, judge_on, teach

__all__ = [
    "Answer",
    "Classifier",
    "Identification",
    "Identifier",
    "Judgement",
    "Lesson",
    "Taught",
    "embed_lesson",
    "encoder_folder",
    "gather_lesson",
    "identify",
    "judge_on",
    "lesson_of",
    "load_classifier",
    "load_identifier",
    "load_shipped",
    "save_classifier",
    "teach",
]
