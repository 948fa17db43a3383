"""Scores of sounds by aspects, weighed into one.

Comes in: rows of the catalogue with their cosines, and the examples of a query. Goes out: `Hits`,
the best first. Every aspect's score is at most 1, which bounds what sounds not yet seen can reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.library.query import ASPECTS, Example
from timbrespace.library.similarity import (
    UNLIKE_SHARE,
    Scores,
    brightness_likeness,
    envelope_likeness,
    pitch_likeness,
)

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hits:
    """Sounds that were found.

    Attributes:
        ids: (sounds,).
        scores: the weighted mean of the aspects; (sounds,). NaN where nothing was compared.
        aspects: scores of timbre, pitch, envelope and brightness; (sounds, 4).
    """

    ids: npt.NDArray[np.int64]
    scores: Values
    aspects: Values

    @classmethod
    def none(cls) -> Hits:
        """No sounds."""
        return cls.unranked([])

    @classmethod
    def unranked(cls, ids: Sequence[int]) -> Hits:
        """Sounds that were not compared with anything."""
        unknown = np.full((len(ids), len(ASPECTS)), np.nan)
        return cls(np.array(ids, np.int64), unknown[:, 0], unknown)

    def joined(self, others: Hits) -> Hits:
        """These and others."""
        return Hits(
            np.r_[self.ids, others.ids],
            np.r_[self.scores, others.scores],
            np.r_[self.aspects, others.aspects],
        )

    def best(self, n: int) -> Hits:
        """The `n` of the highest score, best first; of equal ones, those added first."""
        order = np.lexsort((self.ids, -self.scores))[:n]
        return Hits(self.ids[order], self.scores[order], self.aspects[order])


class Weighing:
    """How alike sounds are to the examples of a query.

    Args:
        like: examples to be like; may be empty if `unlike` is not.
        unlike: examples to be unlike.
        weights: of aspects, >= 0, one above 0.

    Attributes:
        share_of_timbre: the weight of timbre of the weight of all; 1 if nothing else counts.
    """

    def __init__(
        self, like: Sequence[Example], unlike: Sequence[Example], weights: Mapping[str, float]
    ) -> None:
        self._like, self._unlike = like, unlike
        wanted = np.array([weights.get(aspect, 0.0) for aspect in ASPECTS])
        self._shares = wanted / wanted.sum()
        self.share_of_timbre = float(self._shares[0])

    def most(self, cosine: float) -> float:
        """The most that a sound can score whose cosine is at most this."""
        return self.share_of_timbre * cosine + float(self._shares[1:].sum())

    def hits(self, rows: Sequence[tuple[Any, ...]], cosines: Scores) -> Hits:
        """Score rows of (id, slot, pitch_midi, brightness_hz, envelope), in their order.

        Args:
            rows: of the catalogue.
            cosines: of each to what is wanted; (rows,).
        """
        if not rows:
            return Hits.none()
        ids, _, pitch_midi, brightness_hz, envelopes = zip(*rows, strict=True)
        pitches, brightness = np.array(pitch_midi, float), np.array(brightness_hz, float)
        levels = _levels(envelopes)
        aspects = np.stack(
            [
                cosines,
                self._mean(lambda example: pitch_likeness(pitches, example)),
                self._mean(lambda example: envelope_likeness(levels, example)),
                self._mean(lambda example: brightness_likeness(brightness, example)),
            ],
            axis=1,
        )
        return Hits(np.array(ids, np.int64), aspects @ self._shares, aspects)

    def _mean(self, likeness: Callable[[Example], Values]) -> Values:
        """Mean likeness to those to be like, less half of that to those to be unlike."""
        like, unlike = (
            np.mean([likeness(example) for example in examples], axis=0) if examples else 0.0
            for examples in (self._like, self._unlike)
        )
        return np.asarray(like - UNLIKE_SHARE * unlike if self._like else 1 - unlike)


def _levels(envelopes: Sequence[bytes | None]) -> npt.NDArray[np.uint8]:
    """Envelopes as (sounds, points); one that is unknown is silence."""
    n_points = max((len(each) for each in envelopes if each), default=1)
    silence = bytes(n_points)
    joined = b"".join(each or silence for each in envelopes)
    return np.frombuffer(joined, np.uint8).reshape(len(envelopes), n_points)
