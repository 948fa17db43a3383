"""What the sounds of a library most likely are, from their vectors.

Comes in: vectors of the library's encoder. Goes out: family, source and nearest General MIDI
instruments of each, by the classifiers that ship; nothing where these were taught with another
encoder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from timbrespace.embeddings import Vectors

if TYPE_CHECKING:
    from timbrespace.identification import Classifier

_N_NEAREST = 3


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a sound most likely is; all None if nothing can be told.

    Attributes:
        family: the likeliest of NSynth's families.
        family_probability: its probability.
        source: acoustic, electronic or synthetic, whichever is likeliest.
        source_probability: its probability.
        nearest: JSON, the three likeliest General MIDI instruments as [name, probability].
    """

    family: str | None = None
    family_probability: float | None = None
    source: str | None = None
    source_probability: float | None = None
    nearest: str | None = None


class Namer:
    """The classifiers that ship, if they go with an encoder.

    Args:
        encoder_hash: of the encoder.
    """

    def __init__(self, encoder_hash: str) -> None:
        from timbrespace.identification import load_shipped

        shipped = load_shipped()
        fits = all(each.encoder_hash == encoder_hash for each in shipped.values())
        self._classifiers = shipped if fits else {}

    def names(self, vectors: Vectors) -> list[Names]:
        """Names of each sound.

        Args:
            vectors: (n, dimensions), unit length.
        """
        if not self._classifiers:
            return [Names()] * len(vectors)
        families = self._likeliest("family", vectors, 1)
        sources = self._likeliest("source", vectors, 1)
        nearest = self._likeliest("kind", vectors, _N_NEAREST)
        return [
            Names(
                family=family[0][0],
                family_probability=family[0][1],
                source=source[0][0],
                source_probability=source[0][1],
                nearest=json.dumps(kinds),
            )
            for family, source, kinds in zip(families, sources, nearest, strict=True)
        ]

    def _likeliest(self, label: str, vectors: Vectors, n: int) -> list[list[tuple[str, float]]]:
        classifier: Classifier = self._classifiers[label]
        probabilities = classifier.probabilities(vectors)
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :n]
        return [
            [(classifier.classes[place], round(float(row[place]), 4)) for place in places]
            for row, places in zip(probabilities, best, strict=True)
        ]
