"""Choose a classifier's settings on sounds that were held out, and say how good it is.

Comes in: a lesson and what embeds its sounds. Goes out: settings, and a `Judgement`. The settings
that judge a fold are chosen on the other folds, so no sound has a part in what it judges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from timbrespace.embeddings import Vectors
from timbrespace.errors import InputError
from timbrespace.identification.anchors import anchors_of
from timbrespace.identification.calibration import (
    fit_temperature,
    log_loss,
)
from timbrespace.identification.classifier import Floats, nearest_cosine, softmax
from timbrespace.identification.folds import Codes, deal_folds
from timbrespace.identification.judgement import Judgement, judgement_of
from timbrespace.identification.lesson import Lesson
from timbrespace.identification.logistic import PENALTIES, class_weights, fit_logistic

Embed = Callable[[Codes], Vectors]
"""Row numbers that may be learnt from, to the vectors of all rows; (n, dimensions)."""

_FALSE_ALARMS = 0.05  # share of held-out sounds of the classes themselves said to be like none


@dataclass(frozen=True)
class Settings:
    """What was chosen.

    Attributes:
        penalty: of the logistic regression.
        temperature: by which logits are divided.
        least_similarity: cosine to the nearest anchor below which a sound is like none.
    """

    penalty: float
    temperature: float
    least_similarity: float


def judge(
    lesson: Lesson, embed: Embed, *, n_folds: int = 5, seed: int = 0
) -> tuple[Settings, Judgement]:
    """Hold out each fold once, and choose and judge by what was then said of it.

    Args:
        lesson: sounds and classes.
        embed: gives the vectors of all rows from those that may be learnt from.
        n_folds: at most; there are never more than groups.
        seed: of the folds.

    Raises:
        InputError: all sounds of a class hang together by their groups, or fewer than two folds
            hold sounds that judge.
    """
    n_folds = min(n_folds, lesson.groups.max() + 1)
    rng = np.random.default_rng(seed)
    folds = deal_folds(lesson.classes, lesson.groups, n_folds=n_folds, rng=rng)
    _check_folds(lesson, folds)
    logits, similarity = _held_out(lesson, embed, folds)
    probabilities = np.empty_like(logits[0])
    for fold in range(n_folds):
        held = folds == fold
        others = lesson.judged & ~held
        index, temperature = _chosen(logits[:, others], lesson.classes[others])
        probabilities[held] = softmax(logits[index][held] / temperature)
    judged = lesson.judged
    index, temperature = _chosen(logits[:, judged], lesson.classes[judged])
    least = float(np.quantile(similarity[judged], _FALSE_ALARMS))
    judgement = judgement_of(
        probabilities[judged],
        lesson.classes[judged],
        n_groups=np.unique(lesson.groups[judged]).size,
        n_folds=n_folds,
    )
    return Settings(PENALTIES[index], temperature, least), judgement


def _check_folds(lesson: Lesson, folds: Codes) -> None:
    for number, name in enumerate(lesson.names):
        if np.unique(folds[lesson.classes == number]).size < 2:
            raise InputError(
                f"class {name!r}: when one {lesson.grouped_by} is held out, no sound of it is "
                "left to learn from; choose other --groups."
            )
    if np.unique(folds[lesson.judged]).size < 2:
        raise InputError(
            f"{np.count_nonzero(lesson.judged)} sounds are of the splits to judge by; choose "
            "others, or judge by all."
        )


def _held_out(lesson: Lesson, embed: Embed, folds: Codes) -> tuple[Floats, Floats]:
    """Logits for each penalty, (penalties, n, classes), and similarities, (n,), when held out."""
    n_classes = len(lesson.names)
    logits = np.empty((len(PENALTIES), len(lesson), n_classes), np.float32)
    similarity = np.empty(len(lesson), np.float32)
    for fold in np.unique(folds):
        taught, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        vectors, classes = embed(taught), lesson.classes[taught]
        models = fit_logistic(vectors[taught], classes, class_weights(classes))
        logits[:, held] = [model.logits(vectors[held]) for model in models]
        similarity[held] = nearest_cosine(vectors[held], anchors_of(vectors[taught]))
    return logits, similarity


def _chosen(logits: Floats, classes: Codes) -> tuple[int, float]:
    """Number of the penalty, and the temperature, with the least log loss; ties: the strongest."""
    weights = class_weights(classes)
    temperatures = [fit_temperature(each, classes, weights) for each in logits]
    losses = [
        log_loss(each / temperature, classes, weights)
        for each, temperature in zip(logits, temperatures, strict=True)
    ]
    best = int(np.argmin(losses))
    return best, temperatures[best]
