"""From clips that overlap to a timeline without overlap, and the stretches in which a class leads.

Comes in: probabilities of classes clip by clip. Goes out: the same hop by hop, and spans. The last
hop ends with the piece, so that it may be longer than the others; no hop is shorter, but for that
of a piece shorter than a hop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.float64]

_LEEWAY_S = 1e-6  # less than a sample: times are rounded


class Span(NamedTuple):
    """A stretch of a piece in which a class leads.

    Attributes:
        label: the class.
        start_s: where it begins.
        end_s: where it ends.
        probability: mean over the stretch.
    """

    label: str
    start_s: float
    end_s: float
    probability: float = 1.0


def hop_edges_s(duration_s: float, hop_s: float) -> Seconds:
    """Where hops begin, and the end of the last; (hops + 1,).

    Example:
        >>> hop_edges_s(1.7, 0.5).tolist()
        [0.0, 0.5, 1.0, 1.7]
    """
    n_hops = max(1, int((duration_s + _LEEWAY_S) / hop_s))
    return np.append(np.arange(n_hops) * hop_s, duration_s)


def hop_probabilities(
    probabilities: npt.NDArray[np.floating], times_s: Seconds, clip_s: float, edges_s: Seconds
) -> npt.NDArray[np.float64]:
    """Mean over the clips that have a part in each hop; (hops, classes).

    Args:
        probabilities: (clips, classes).
        times_s: where each clip starts; (clips,), rising, none further from the next than a clip.
        clip_s: length of a clip.
        edges_s: of the hops; (hops + 1,).

    Example:
        >>> clips = np.array([[0.0], [1.0]])
        >>> hop_probabilities(clips, np.array([0, 0.5]), 1.0, np.array([0, 0.5, 1.0, 1.5])).tolist()
        [[0.0], [0.5], [1.0]]
    """
    first = np.searchsorted(times_s, edges_s[:-1] - clip_s + _LEEWAY_S)
    stop = np.searchsorted(times_s, edges_s[1:] - _LEEWAY_S)
    sums = np.zeros((len(times_s) + 1, probabilities.shape[1]))
    np.cumsum(probabilities, axis=0, dtype=np.float64, out=sums[1:])
    return np.asarray((sums[stop] - sums[first]) / (stop - first)[:, None])


def spans_of(
    timeline: npt.NDArray[np.float64],
    leads: npt.NDArray[np.bool_],
    edges_s: Seconds,
    classes: Sequence[str],
) -> tuple[Span, ...]:
    """Stretches in which a class leads without a break, by their start, then by class.

    Args:
        timeline: probabilities; (hops, classes).
        leads: where a class leads; (hops, classes).
        edges_s: of the hops; (hops + 1,).
        classes: names of the columns.
    """
    spans = []
    for name, column, led in zip(classes, timeline.T, leads.T, strict=True):
        changes = np.flatnonzero(np.diff(led.astype(np.int8), prepend=0, append=0))
        for start, stop in changes.reshape(-1, 2):
            mean = float(column[start:stop].mean())
            spans.append(Span(name, float(edges_s[start]), float(edges_s[stop]), mean))
    return tuple(sorted(spans, key=lambda span: span.start_s))


def clock(seconds: float, decimals: int = 2) -> str:
    """A time as people write it, rounded; decimals that are 0 at the end are left out.

    Example:
        >>> clock(75.9), clock(75.9, 0), clock(3_600), clock(0.02)
        ('1:15.9', '1:16', '1:00:00', '0:00.02')
    """
    whole, _, parts = f"{seconds:.{decimals}f}".partition(".")
    minutes, rest = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{text}.{parts}".rstrip("0").rstrip(".") if parts else text
