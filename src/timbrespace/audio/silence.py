"""Find where a waveform sounds, and cut off the silence around it.

Comes in: a mono waveform. Goes out: spans in samples, or a part of the waveform. Loudness is the
largest absolute sample of each 10 ms, in dB relative to the waveform's peak: gain changes nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from timbrespace.audio.decode import Waveform

_FRAME_S = 0.01


def sounding_spans(
    waveform: Waveform,
    *,
    sample_rate_hz: int,
    threshold_db: float = -50.0,
    margin_s: float = 0.02,
    min_silence_s: float = 0.2,
    min_sound_s: float = 0.05,
) -> list[tuple[int, int]]:
    """Spans that sound, parted by silence: the notes of a recorded scale.

    Args:
        waveform: (samples,).
        sample_rate_hz: its rate.
        threshold_db: a 10 ms frame sounds if it reaches this level below the waveform's peak.
        margin_s: kept before and after each span, but never past the middle of a silence.
        min_silence_s: a shorter silence does not part two spans.
        min_sound_s: a shorter span (a click) is dropped.

    Returns:
        (start, stop) in samples, in order, without overlap; none for a silent waveform.

    Example:
        >>> tone, rest = np.ones(800, np.float32), np.zeros(800, np.float32)
        >>> scale = np.concatenate([rest, tone, rest, tone])
        >>> sounding_spans(scale, sample_rate_hz=1000, margin_s=0)
        [(800, 1600), (2400, 3200)]
    """
    frame = max(1, round(_FRAME_S * sample_rate_hz))
    edges = np.flatnonzero(np.diff(_sounds(waveform, frame, threshold_db), prepend=0, append=0))
    starts, stops = edges[::2] * frame, np.minimum(edges[1::2] * frame, len(waveform))
    if not len(starts):
        return []
    parted = starts[1:] - stops[:-1] >= min_silence_s * sample_rate_hz
    starts, stops = starts[np.r_[True, parted]], stops[np.r_[parted, True]]
    long_enough = stops - starts >= min_sound_s * sample_rate_hz
    starts, stops = starts[long_enough], stops[long_enough]
    return _with_margins(starts, stops, round(margin_s * sample_rate_hz), len(waveform))


def trim_silence(
    waveform: Waveform,
    *,
    sample_rate_hz: int,
    threshold_db: float = -50.0,
    margin_s: float = 0.02,
) -> Waveform:
    """The waveform from its first sounding frame to its last, with margins.

    Args:
        waveform: (samples,).
        sample_rate_hz: its rate.
        threshold_db: a 10 ms frame sounds if it reaches this level below the waveform's peak.
        margin_s: kept before and after.

    Returns:
        A view of `waveform`; an empty one if it is silent.

    Example:
        >>> trim_silence(np.array([0, 0, 1, 1, 0], np.float32), sample_rate_hz=100, margin_s=0)
        array([1., 1.], dtype=float32)
    """
    spans = sounding_spans(
        waveform,
        sample_rate_hz=sample_rate_hz,
        threshold_db=threshold_db,
        margin_s=margin_s,
        min_silence_s=np.inf,
        min_sound_s=0.0,
    )
    return waveform[spans[0][0] : spans[0][1]] if spans else waveform[:0]


def _sounds(waveform: Waveform, frame: int, threshold_db: float) -> npt.NDArray[np.int8]:
    """1 for each frame that sounds; the last frame may be shorter."""
    if not len(waveform):
        return np.zeros(0, np.int8)
    level = np.maximum.reduceat(np.abs(waveform), np.arange(0, len(waveform), frame))
    threshold = level.max() * 10 ** (threshold_db / 20)
    return np.asarray((level >= threshold) & (level > 0), dtype=np.int8)


def _with_margins(
    starts: npt.NDArray[np.intp], stops: npt.NDArray[np.intp], margin: int, n_samples: int
) -> list[tuple[int, int]]:
    if not len(starts):
        return []
    middles = (stops[:-1] + starts[1:]) // 2
    starts = np.maximum(starts - margin, np.r_[0, middles])
    stops = np.minimum(stops + margin, np.r_[middles, n_samples])
    return [(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]
