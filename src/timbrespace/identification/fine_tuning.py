"""Teach the encoder too: a short training on the sounds of a lesson.

Comes in: a lesson and an encoder. Goes out: a new encoder, and a `Taught` whose classifier goes
with it. To be judged, the encoder is fine-tuned anew without each fold: no sound judges an encoder
that heard it.
"""

from __future__ import annotations

import copy
import warnings
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import torch
from rich.progress import Progress

from timbrespace.augment import Augmentation
from timbrespace.embeddings import Vectors, encoder_of, vectors_of
from timbrespace.errors import InputError
from timbrespace.identification.folds import Codes
from timbrespace.identification.judging import judge
from timbrespace.identification.lesson import Lesson
from timbrespace.identification.sounds import embed_lesson
from timbrespace.identification.teaching import Taught, fitted_classifier, unit_length
from timbrespace.models import AdditiveAngularMargin, Encoder, encoder_hash
from timbrespace.training.batches import Batches, Sampling
from timbrespace.training.callbacks import Bar
from timbrespace.training.fitting import fit
from timbrespace.training.module import EncoderTraining, Task
from timbrespace.training.schedule import Schedule
from timbrespace.training.store import pack


@dataclass(frozen=True, kw_only=True)
class FineTuning:
    """How an encoder is fine-tuned.

    Attributes:
        steps: optimiser steps.
        batch_size: examples in a batch, at most; the sounds of a lesson may be fewer.
        learning_rate: at the end of the warm-up.
        n_folds: parts that are held out in turn; each takes a training of its own.
        seed: of the folds and the batches.
    """

    steps: int = 300
    batch_size: int = 16
    learning_rate: float = 5e-4
    n_folds: int = 3
    seed: int = 0


def teach_fine_tuned(
    lesson: Lesson, encoder: Encoder, settings: FineTuning, *, progress: Progress
) -> tuple[Encoder, Taught]:
    """Fine-tune an encoder on a lesson, and teach a classifier on its embeddings.

    Args:
        lesson: of an embeddings table that `encoder` made.
        encoder: to start from; is not changed.
        settings: how.
        progress: shows each training.

    Returns:
        The new encoder, in evaluation mode, and the classifier that goes with it.

    Raises:
        InputError: the embeddings are another encoder's, a sound is gone, or the lesson cannot be
            judged (see `judge`).
        ConfigError: a setting is out of range.
    """
    if encoder_of(lesson.rows)[1] != encoder_hash(encoder):
        raise InputError(
            f"the embeddings are not of the encoder {encoder.name!r} that is to be fine-tuned; "
            "embed the sounds with it."
        )

    def tuned_without(taught: Codes) -> Vectors:
        return _embedded(_fine_tuned(encoder, lesson, taught, settings, progress), lesson)

    chosen, judgement = judge(lesson, tuned_without, n_folds=settings.n_folds, seed=settings.seed)
    tuned = _fine_tuned(encoder, lesson, np.arange(len(lesson)), settings, progress)
    classifier = fitted_classifier(
        lesson,
        _embedded(tuned, lesson),
        chosen,
        judgement,
        encoder_name=tuned.name,
        encoder_hash=encoder_hash(tuned),
    )
    return tuned, Taught(classifier, judgement)


def _embedded(encoder: Encoder, lesson: Lesson) -> Vectors:
    table, problems = embed_lesson(lesson.rows, encoder)
    if problems:
        raise InputError(f"a sound could be read before, and now not: {problems[0]}")
    return unit_length(vectors_of(table))


def _fine_tuned(
    encoder: Encoder, lesson: Lesson, taught: Codes, settings: FineTuning, progress: Progress
) -> Encoder:
    """A copy of the encoder, trained on some rows; its batch normalisation keeps its statistics."""
    tuned = copy.deepcopy(encoder).requires_grad_(True)
    tuned.precision = "float32"
    classes = lesson.classes[taught]
    head = _head_at_means(vectors_of(lesson.rows)[taught], classes)
    with TemporaryDirectory() as scratch:
        rows = lesson.rows.take(pa.array(taught))
        store = pack(rows, Path(scratch), sample_rate_hz=encoder.sample_rate_hz)
        sampling = Sampling(
            batch_size=min(settings.batch_size, len(store)),
            min_s=1.5,
            max_s=2.5,
            concatenation=0.0,
            short_notes="repeat",
            start="random",
        )
        batches = Batches(store, {"instrument": classes}, sampling=sampling, seed=settings.seed)
        schedule = Schedule(
            epochs=None, steps=settings.steps, learning_rate=settings.learning_rate, warmup=0.1
        )
        training = EncoderTraining(
            tuned,
            {"instrument": Task(head, 1.0)},
            batches,
            schedule,
            augmentation=Augmentation(),
            seed=settings.seed,
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Found .* in eval mode", UserWarning)  # as it should
            fit(training, callbacks=[Bar(progress)])
    tuned.precision = encoder.precision
    return tuned.eval()


def _head_at_means(vectors: Vectors, classes: Codes) -> AdditiveAngularMargin:
    """A head that starts at the mean of each class: the encoder need not move to meet it."""
    n_classes = classes.max() + 1
    head = AdditiveAngularMargin(embedding_size=vectors.shape[1], n_classes=n_classes)
    means = [vectors[classes == number].mean(axis=0) for number in range(n_classes)]
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(np.stack(means)))
    return head
