"""A classifier on embeddings: class probabilities, and whether a sound is like any it was taught.

Comes in: vectors of unit length of the encoder that the classifier was taught with. Goes out:
probabilities, and the cosine to the nearest of its anchors: sounds (or centres of sounds) that it
was taught. Arithmetic only; no learning library is needed to use a classifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from timbrespace.embeddings import Vectors
from timbrespace.errors import InputError

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class Classifier:
    """Softmax of a linear function of the embedding, temperature included.

    Attributes:
        label: what is told, a column's name as "instrument" or "family".
        classes: names, in the order of the rows of `weight`.
        weight: (classes, dimensions) float32.
        bias: (classes,) float32.
        anchors: (anchors, dimensions) float32, unit length.
        least_similarity: a sound whose cosine to every anchor is lower is like none of the classes.
        encoder_name: the encoder that it goes with, for people.
        encoder_hash: content hash of that encoder.
        judgement: what was measured when it was taught, by name.
    """

    label: str
    classes: tuple[str, ...]
    weight: Vectors
    bias: Vectors
    anchors: Vectors
    least_similarity: float
    encoder_name: str
    encoder_hash: str
    judgement: Mapping[str, float] = field(default_factory=dict)

    def probabilities(self, vectors: Vectors) -> Floats:
        """Probability of each class; (n, classes), rows add up to 1.

        Args:
            vectors: (n, dimensions), unit length.

        Raises:
            InputError: the vectors have other dimensions.
        """
        self._check_vectors(vectors)
        return softmax(vectors @ self.weight.T + self.bias)

    def similarity(self, vectors: Vectors) -> Floats:
        """Cosine of each vector to its nearest anchor, -1 to 1; (n,).

        Args:
            vectors: (n, dimensions), unit length.

        Raises:
            InputError: the vectors have other dimensions.
        """
        self._check_vectors(vectors)
        return nearest_cosine(vectors, self.anchors)

    def check_encoder(self, name: str, encoder_hash: str) -> None:
        """Refuse an encoder other than the one that the classifier was taught with.

        Raises:
            InputError: the hashes differ.
        """
        if encoder_hash != self.encoder_hash:
            raise InputError(
                f"the classifier of {self.label!r} was taught with the encoder "
                f"{self.encoder_name!r} ({self.encoder_hash}), this one is {name!r} "
                f"({encoder_hash}); give that encoder by --encoder, or teach anew with this one."
            )

    def _check_vectors(self, vectors: Vectors) -> None:
        n_dimensions = self.weight.shape[1]
        if vectors.ndim != 2 or vectors.shape[1] != n_dimensions:
            raise InputError(f"vectors must be (n, {n_dimensions}), got shape {vectors.shape}.")


def softmax(logits: Floats) -> Floats:
    """Probabilities; (..., classes), the last axis adds up to 1.

    Example:
        >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]])).tolist()
        [[0.5, 0.5], [1.0, 0.0]]
    """
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def nearest_cosine(vectors: Vectors, anchors: Vectors) -> Floats:
    """Cosine of each vector to the nearest anchor; (n,), from unit vectors (n, d) and (m, d)."""
    return np.asarray((vectors @ anchors.T).max(axis=1))
