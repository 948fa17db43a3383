"""Identify sounds: what they are most likely, and whether they are like anything known.

Comes in: audio files. Goes out: an `Identification` of each. Sounds are heard as everywhere: mono,
trimmed, at one level, the first minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from timbrespace.audio import read_notes
from timbrespace.errors import AudioError
from timbrespace.identification.classifier import Classifier
from timbrespace.identification.files import SUFFIX, load_classifier
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import (
    Encoder,
    embed_waveforms,
    encoder_hash,
    load_encoder,
    on_quickest_device,
)

SHIPPED = ("family", "source", "kind")
"""What the classifiers that ship tell; a kind is a General MIDI instrument."""

SHORTEST_S = 0.1
"""A sound of less says too little of its timbre."""

_SHIPPED_FOLDER = Path(__file__).parent / "default"
_PART_ROWS = 16


@dataclass(frozen=True)
class Answer:
    """What one classifier says of a sound.

    Attributes:
        label: what is told, as "family".
        classes: names, the likeliest first.
        probabilities: of the classes, falling; they add up to 1.
        similarity: cosine to the nearest of what was taught, -1 to 1.
        least_similarity: what sounds of these classes have at least.
    """

    label: str
    classes: tuple[str, ...]
    probabilities: tuple[float, ...]
    similarity: float
    least_similarity: float

    @property
    def is_known(self) -> bool:
        """Whether the sound is like any that was taught; else probabilities mean little."""
        return self.similarity >= self.least_similarity

    def as_record(self, top: int) -> dict[str, Any]:
        """The likeliest `top` classes and the similarity, ready for JSON."""
        likeliest = list(zip(self.classes, self.probabilities, strict=True))[:top]
        return {
            "label": self.label,
            "probabilities": dict(likeliest),
            "similarity": self.similarity,
            "least_similarity": self.least_similarity,
            "is_known": self.is_known,
        }


@dataclass(frozen=True)
class Identification:
    """What is said of one sound.

    Attributes:
        path: its file.
        heard_s: seconds that were heard, silence cut off.
        answers: one of each classifier.
    """

    path: str
    heard_s: float
    answers: tuple[Answer, ...]

    @property
    def is_long_enough(self) -> bool:
        """Whether a tenth of a second was heard, or more."""
        return self.heard_s >= SHORTEST_S

    def as_record(self, top: int = 5) -> dict[str, Any]:
        """Everything, the likeliest `top` classes of each answer, ready for JSON."""
        return {
            "path": self.path,
            "heard_s": self.heard_s,
            "is_long_enough": self.is_long_enough,
            "answers": [answer.as_record(top) for answer in self.answers],
        }


class Identifier:
    """An encoder and the classifiers that were taught with it.

    Args:
        encoder: in evaluation mode.
        classifiers: what to ask.

    Raises:
        InputError: a classifier was taught with another encoder.
    """

    def __init__(self, encoder: Encoder, classifiers: Sequence[Classifier]) -> None:
        content = encoder_hash(encoder)
        for classifier in classifiers:
            classifier.check_encoder(encoder.name, content)
        self._encoder, self._classifiers = encoder, classifiers

    def identify(self, path: str | Path) -> Identification:
        """Identify one file.

        Raises:
            AudioError: it is missing, silent or no audio.
        """
        rows = manifest_from_rows([{"id": str(path), "path": str(path)}])
        (found,) = self.identify_all(rows)
        if isinstance(found, AudioError):
            raise found
        return found

    def identify_all(self, manifest: pa.Table) -> Iterator[Identification | AudioError]:
        """Identify the sound of each row, in order; the error where one cannot be heard."""
        rate = self._encoder.sample_rate_hz
        for rows, notes in read_notes(manifest, sample_rate_hz=rate, part_rows=_PART_ROWS):
            heard = [note for note in notes if not isinstance(note, AudioError)]
            answers = self._answers(heard)
            for path, note in zip(rows["path"].to_pylist(), notes, strict=True):
                if isinstance(note, AudioError):
                    yield note
                else:
                    yield Identification(path, len(note) / rate, next(answers))

    def _answers(self, waveforms: Sequence[Any]) -> Iterator[tuple[Answer, ...]]:
        """The answers of all classifiers to each waveform."""
        vectors = embed_waveforms(self._encoder, waveforms)
        said = [
            (classifier, classifier.probabilities(vectors), classifier.similarity(vectors))
            for classifier in self._classifiers
        ]
        for row in range(len(vectors)):
            yield tuple(
                _answer(classifier, probabilities[row], float(similarity[row]))
                for classifier, probabilities, similarity in said
            )


def load_identifier(
    model: str | Path | None = None, encoder: str | Path | None = None
) -> Identifier:
    """The identifier of a taught classifier, or of those that ship.

    Args:
        model: a classifier's file; None takes those that ship.
        encoder: name or folder of an encoder; None takes the folder that fine-tuning wrote beside
            the classifier (`mine.encoder` for `mine.safetensors`), else the default encoder.

    Raises:
        InputError: a file is missing or broken, or the classifier goes with another encoder.
        ConfigError: the encoder cannot be built.
    """
    paths = [_shipped_file(name) for name in SHIPPED] if model is None else [Path(model)]
    classifiers = [load_classifier(path) for path in paths]
    beside = encoder_folder(paths[0])
    source = encoder or (beside if beside.is_dir() else "default")
    return Identifier(on_quickest_device(load_encoder(source)), classifiers)


def load_shipped() -> dict[str, Classifier]:
    """The classifiers that ship, by what they tell: those of `SHIPPED`.

    Raises:
        InputError: a file is missing or broken.
    """
    return {name: load_classifier(_shipped_file(name)) for name in SHIPPED}


def identify(path: str | Path, *, model: str | Path | None = None) -> Identification:
    """Family, source and nearest General MIDI instruments of a sound, or what a model was taught.

    To identify many sounds, keep the `Identifier` that `load_identifier` gives.

    Args:
        path: an audio file.
        model: a classifier's file; None takes those that ship.

    Raises:
        AudioError: the file is missing, silent or no audio.
        InputError: the model cannot be used.
    """
    return load_identifier(model).identify(path)


def encoder_folder(classifier: Path) -> Path:
    """Where fine-tuning writes the encoder that belongs to a classifier's file."""
    return classifier.with_suffix(".encoder")


def _shipped_file(name: str) -> Path:
    return _SHIPPED_FOLDER / f"{name}{SUFFIX}"


def _answer(classifier: Classifier, probabilities: Any, similarity: float) -> Answer:
    order = np.argsort(-probabilities, kind="stable")
    return Answer(
        label=classifier.label,
        classes=tuple(classifier.classes[index] for index in order),
        probabilities=tuple(map(float, probabilities[order])),
        similarity=similarity,
        least_similarity=classifier.least_similarity,
    )
