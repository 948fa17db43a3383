"""What leads in a piece of music, over time and as a whole.

Comes in: probabilities of classes in clips that follow each other. Goes out: `Activity`. Silent
clips have probability 0 in every class, and do not count in the mean over the piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Rates = npt.NDArray[np.float32]
Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Activity:
    """Which instruments lead, clip by clip.

    Attributes:
        times_s: where each clip starts; (clips,), rising.
        probabilities: that a class leads in a clip, 0 in silent ones; (clips, classes).
        classes: names of the columns.
        thresholds: probability from which on a class is said to lead; (classes,). inf is never.
        clip_s: length of a clip; the last one may be shorter.
        duration_s: length of the piece.
    """

    times_s: Seconds
    probabilities: Rates
    classes: tuple[str, ...]
    thresholds: Seconds
    clip_s: float
    duration_s: float

    @property
    def overall(self) -> Rates:
        """Mean over the clips that sound, the probability over the piece; (classes,), 0 if none.

        Example:
            >>> piece = Activity(
            ...     times_s=np.arange(3) * 0.5,
            ...     probabilities=np.float32([[0.5, 1], [0, 0.5], [0, 0]]),
            ...     classes=("flute", "organ"),
            ...     thresholds=np.array([0.5, 0.5]),
            ...     clip_s=1.0,
            ...     duration_s=2.0,
            ... )
            >>> piece.overall.tolist(), piece.labels
            ([0.25, 0.75], ('organ',))
        """
        sounds = self.probabilities.any(axis=1)
        if not sounds.any():
            return np.zeros(len(self.classes), np.float32)
        return np.asarray(self.probabilities[sounds].mean(axis=0))

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes that lead over the piece, the surest first; none where nothing reaches."""
        overall = self.overall
        order = np.argsort(-overall, kind="stable")
        return tuple(self.classes[k] for k in order if overall[k] >= self.thresholds[k])

    @property
    def active(self) -> npt.NDArray[np.bool_]:
        """Where each class leads; (clips, classes)."""
        return np.asarray(self.probabilities >= self.thresholds)

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "duration_s": self.duration_s,
            "clip_s": self.clip_s,
            "labels": list(self.labels),
            "probabilities": dict(zip(self.classes, self.overall.tolist(), strict=True)),
            "thresholds": {
                name: float(threshold) if np.isfinite(threshold) else None
                for name, threshold in zip(self.classes, self.thresholds, strict=True)
            },
            "clips": {
                "times_s": self.times_s.tolist(),
                "probabilities": self.probabilities.tolist(),
            },
        }
