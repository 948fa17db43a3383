"""What leads in a piece of music, over time and as a whole.

Comes in: probabilities of classes in clips that follow each other. Goes out: `Activity`. Silent
clips have probability 0 in every class, and do not count in the mean over the piece. What has
probability 0 never leads, whatever the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.tagging.timeline import Seconds, Span, hop_edges_s, hop_probabilities, spans_of

Rates = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Activity:
    """Which instruments lead, clip by clip, hop by hop and over the piece.

    Attributes:
        times_s: where each clip starts; (clips,), rising.
        probabilities: that a class leads in a clip, 0 in silent ones; (clips, classes).
        classes: names of the columns.
        thresholds: probability from which on a class is said to lead; (classes,). inf is never.
        clip_s: length of a clip; the last one may be shorter.
        hop_s: from one clip's start to the next.
        duration_s: length of the piece.

    Example:
        >>> piece = Activity(
        ...     times_s=np.arange(3) * 0.5,
        ...     probabilities=np.float32([[0.5, 1], [0, 0.5], [0, 0]]),
        ...     classes=("flute", "organ"),
        ...     thresholds=np.array([0.5, 0.5]),
        ...     clip_s=1.0,
        ...     hop_s=0.5,
        ...     duration_s=2.0,
        ... )
        >>> piece.overall.tolist(), piece.labels
        ([0.25, 0.75], ('organ',))
        >>> [(span.label, span.start_s, span.end_s) for span in piece.spans]
        [('flute', 0.0, 0.5), ('organ', 0.0, 1.0)]
    """

    times_s: Seconds
    probabilities: Rates
    classes: tuple[str, ...]
    thresholds: Seconds
    clip_s: float
    hop_s: float
    duration_s: float

    @property
    def overall(self) -> Rates:
        """Mean over the clips that sound, the probability over the piece; (classes,), 0 if none."""
        sounds = self.probabilities.any(axis=1)
        if not sounds.any():
            return np.zeros(len(self.classes), np.float32)
        return np.asarray(self.probabilities[sounds].mean(axis=0))

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes that lead over the piece, the surest first; none where nothing reaches."""
        overall = self.overall
        leads = (overall >= self.thresholds) & (overall > 0)
        order = np.argsort(-overall, kind="stable")
        return tuple(self.classes[k] for k in order if leads[k])

    @cached_property
    def edges_s(self) -> Seconds:
        """Where the hops of `timeline` begin, and the end of the last; (hops + 1,)."""
        return hop_edges_s(self.duration_s, self.hop_s)

    @cached_property
    def timeline(self) -> npt.NDArray[np.float64]:
        """Probability hop by hop, the mean over the clips that cover the hop; (hops, classes)."""
        return hop_probabilities(self.probabilities, self.times_s, self.clip_s, self.edges_s)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Stretches in which a class leads, by their start; none is shorter than a hop."""
        leads = (self.timeline >= self.thresholds) & (self.timeline > 0)
        return spans_of(self.timeline, leads, self.edges_s, self.classes)

    def foremost(self, n_most: int) -> list[int]:
        """Columns of the classes to show: those that lead at some time first, then the likeliest.

        Args:
            n_most: classes to show, unless more lead.
        """
        overall = self.overall
        led = {span.label for span in self.spans} | set(self.labels)
        ranked = sorted(
            range(len(self.classes)), key=lambda k: (self.classes[k] not in led, -overall[k])
        )
        return ranked[: max(n_most, len(led))]

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "duration_s": self.duration_s,
            "clip_s": self.clip_s,
            "hop_s": self.hop_s,
            "labels": list(self.labels),
            "probabilities": dict(zip(self.classes, self.overall.tolist(), strict=True)),
            "thresholds": {
                name: float(threshold) if np.isfinite(threshold) else None
                for name, threshold in zip(self.classes, self.thresholds, strict=True)
            },
            "spans": [span._asdict() for span in self.spans],
            "timeline": {
                "edges_s": self.edges_s.round(6).tolist(),
                "probabilities": self.timeline.round(6).tolist(),
            },
            "clips": {
                "times_s": self.times_s.tolist(),
                "probabilities": self.probabilities.tolist(),
            },
        }
