"""Teach a classifier: learn from sounds, calibrate and judge on sounds held out.

Comes in: an embeddings table, or a manifest and an encoder to fine-tune. Goes out: a `Taught`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from timbrespace.embeddings import Vectors, encoder_of, vectors_of
from timbrespace.errors import InputError
from timbrespace.identification.anchors import anchors_of
from timbrespace.identification.classifier import Classifier
from timbrespace.identification.judgement import Judgement, judgement_of
from timbrespace.identification.judging import Settings, judge
from timbrespace.identification.lesson import Lesson, group_names, text_column, usual_groups
from timbrespace.identification.logistic import class_weights, fit_logistic


@dataclass(frozen=True)
class Taught:
    """What came of a lesson.

    Attributes:
        classifier: learnt from every sound.
        judgement: of classifiers learnt alike from all but a fold.
    """

    classifier: Classifier
    judgement: Judgement


def teach(lesson: Lesson, *, n_folds: int = 5, seed: int = 0) -> Taught:
    """Teach a classifier on embeddings as they are.

    Args:
        lesson: of an embeddings table (see `lesson_of`), in which vectors say their encoder.
        n_folds: parts that are held out in turn, at most.
        seed: of the folds.

    Raises:
        InputError: the table does not say its encoder, or the lesson cannot be judged (see
            `judge`).
    """
    name, encoder_hash = encoder_of(lesson.rows)
    if not encoder_hash:
        raise InputError(
            "the embeddings do not say which encoder made them, so no sound could be identified "
            "later; embed the sounds with `timbrespace embed`."
        )
    vectors = unit_length(vectors_of(lesson.rows))
    settings, judgement = judge(lesson, lambda taught: vectors, n_folds=n_folds, seed=seed)
    classifier = fitted_classifier(
        lesson, vectors, settings, judgement, encoder_name=name, encoder_hash=encoder_hash
    )
    return Taught(classifier, judgement)


def judge_on(classifier: Classifier, table: pa.Table) -> Judgement:
    """How good a classifier is on sounds of another origin.

    Args:
        classifier: what is judged.
        table: embeddings of its encoder; rows of other classes take no part.

    Raises:
        InputError: the embeddings are of another encoder, or no row is of a class of it.
        ConfigError: there is no column of the classifier's label.
    """
    classifier.check_encoder(*encoder_of(table))
    number = {name: place for place, name in enumerate(classifier.classes)}
    codes = [number.get(name, -1) for name in text_column(table, classifier.label).to_pylist()]
    known = np.array(codes) >= 0
    if not known.any():
        raise InputError(f"no sound to test on is of a class of {classifier.label!r}.")
    rows = table.filter(pa.array(known))
    groups = set(group_names(rows, usual_groups(rows, classifier.label)))
    return judgement_of(
        classifier.probabilities(unit_length(vectors_of(rows))),
        np.array(codes)[known],
        n_groups=len(groups),
        n_folds=0,
    )


def fitted_classifier(
    lesson: Lesson,
    vectors: Vectors,
    settings: Settings,
    judgement: Judgement,
    *,
    encoder_name: str,
    encoder_hash: str,
) -> Classifier:
    """The classifier of settings once chosen, learnt from every sound of the lesson.

    Args:
        lesson: sounds and classes.
        vectors: of all its rows; (n, dimensions), unit length.
        settings: as `judge` chose them.
        judgement: travels with the classifier.
        encoder_name: what made the vectors, for people.
        encoder_hash: what made the vectors, for machines.
    """
    (model,) = fit_logistic(
        vectors, lesson.classes, class_weights(lesson.classes), penalties=(settings.penalty,)
    )
    return Classifier(
        label=lesson.label,
        classes=lesson.names,
        weight=(model.weight / settings.temperature).astype(np.float32),
        bias=(model.bias / settings.temperature).astype(np.float32),
        anchors=anchors_of(vectors),
        least_similarity=settings.least_similarity,
        encoder_name=encoder_name,
        encoder_hash=encoder_hash,
        judgement=judgement.numbers(),
    )


def unit_length(vectors: Vectors) -> Vectors:
    """Each row divided by its length; an embeddings table holds none that is all zero."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
