"""The pitch of a sound, and how sure it is.

Comes in: a mono waveform (samples,). Goes out: one pitch for all of it, as a MIDI number, and a
confidence from 0 to 1; silence has no pitch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, rfft

Frames = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]

_WORK_RATE_HZ = 20_000
_FRAME_SAMPLES = 2048
_LOWEST_HZ, _HIGHEST_HZ = 26.0, 4_400.0
_FIRST_OF_BEST = 0.9  # the first maximum that reaches this share of the highest is the period
_LOUD_DB = -15.0  # what a frame may lie below the loudest
_LONGEST_LAG = 800.0  # samples, to which a short period is followed
_SAME_SEMITONES = 0.5


class Pitch(NamedTuple):
    """A pitch and how sure it is.

    Attributes:
        midi: MIDI number with fraction; NaN if there is no period at all.
        confidence: from 0, noise, to 1, a steady tone: the median clarity of the frames (the share
            of their power that repeats) times the share of frames that agree.
    """

    midi: float
    confidence: float


def pitch(waveform: npt.ArrayLike, sample_rate_hz: int, *, most_frames: int = 12) -> Pitch:
    """The pitch of a sound of one pitch, from A0 to C8.

    Args:
        waveform: (samples,), finite.
        sample_rate_hz: its rate.
        most_frames: frames that are looked at, evenly spread over the sound.

    Returns:
        The pitch on which the loud frames agree. Where they do not, the confidence is low. Below
        20 kHz, notes above C7 may be heard an octave low.

    Example:
        >>> time_s = np.arange(16_000) / 16_000
        >>> found = pitch(np.sin(2 * np.pi * 440 * time_s), 16_000)
        >>> round(found.midi, 2), round(found.confidence, 2)
        (69.0, 1.0)

    Source: McLeod & Wyvill 2005, "A smarter way to find pitch", ICMC.
    """
    frames, rate_hz = _frames(np.asarray(waveform, dtype=np.float32), sample_rate_hz, most_frames)
    lags, clarity = _periods(_similarity(frames), rate_hz)
    periodic = clarity > 0
    if not periodic.any():
        return Pitch(float("nan"), 0.0)
    midi = 69 + 12 * np.log2(rate_hz / lags[periodic] / 440)
    clarity, share = clarity[periodic], periodic.mean()
    agrees = np.abs(midi - _weighted_median(midi, clarity)) <= _SAME_SEMITONES
    confidence = float(np.median(clarity[agrees]) * agrees.mean() * share)
    return Pitch(_weighted_median(midi[agrees], clarity[agrees]), confidence)


def _frames(samples: Frames, sample_rate_hz: int, most_frames: int) -> tuple[Frames, float]:
    """Loud frames, without offset, at about 20 kHz (sums of neighbours); and their rate."""
    factor = max(1, round(sample_rate_hz / _WORK_RATE_HZ))
    length = factor * _FRAME_SAMPLES
    if samples.size < length:
        samples = np.pad(samples, (0, length - samples.size))
    starts = _loud_starts(samples, length)
    chosen = np.linspace(0, starts.size - 1, min(most_frames, starts.size)).astype(np.intp)
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[starts[chosen]]
    summed = np.sum([frames[:, shift::factor] for shift in range(factor)], axis=0)
    return summed - summed.mean(axis=1, keepdims=True), sample_rate_hz / factor


def _loud_starts(samples: Frames, length: int) -> npt.NDArray[np.intp]:
    """Starts of the frames, a quarter of one apart, whose power is near that of the loudest."""
    step = length // 4
    parts = np.add.reduceat(np.square(samples), np.arange(0, samples.size, step), dtype=np.float64)
    n_frames = 1 + (samples.size - length) // step
    powers = np.lib.stride_tricks.sliding_window_view(parts, 4)[:n_frames].sum(axis=1)
    return np.flatnonzero(powers >= powers.max() * 10 ** (_LOUD_DB / 10)) * step


def _similarity(frames: Frames) -> Values:
    """Normalised square difference of each frame to itself, later; 1 equal, -1 opposite.

    Up to half the frame's length, (frames, lags).
    """
    n_lags = _FRAME_SAMPLES // 2
    spectra = rfft(frames, 2 * _FRAME_SAMPLES, axis=1)
    products = irfft(np.square(np.abs(spectra)), axis=1)[:, :n_lags].astype(np.float64)
    squares = np.cumsum(np.square(frames, dtype=np.float64), axis=1)
    total = squares[:, -1:]
    earlier = squares[:, ::-1][:, :n_lags]  # without the last `lag` samples
    later = total - np.pad(squares, ((0, 0), (1, 0)))[:, :n_lags]
    powers = earlier + later
    return np.where(powers > 1e-9 * total, 2 * products / np.maximum(powers, 1e-30), 0.0)


def _periods(similarity: Values, rate_hz: float) -> tuple[Values, Values]:
    """Period in samples and clarity of each frame; clarity is 0 where there is no period."""
    shortest, longest = int(rate_hz / _HIGHEST_HZ), int(np.ceil(rate_hz / _LOWEST_HZ))
    longest = min(longest, similarity.shape[1] - 2)
    inside = similarity[:, 1:-1]
    peaks = (inside > 0) & (inside >= similarity[:, :-2]) & (inside > similarity[:, 2:])
    peaks &= np.logical_or.accumulate(inside < 0, axis=1)  # past the maximum at lag 0
    peaks[:, : max(0, shortest - 1)] = False
    peaks[:, longest:] = False
    tops = inside - 0.125 * _slope(similarity) ** 2 / np.minimum(_bend(similarity), -1e-12)
    heights = np.where(peaks, tops, 0.0)
    best = heights.max(axis=1)
    first = np.argmax(heights >= _FIRST_OF_BEST * best[:, None], axis=1) + 1
    lags, clarity = _vertex(similarity, first)
    lags, clarity = np.where(best > 0, lags, 1.0), np.where(best > 0, clarity.clip(0, 1), 0.0)
    return _followed(similarity, lags), clarity


def _followed(similarity: Values, lags: Values) -> Values:
    """Periods read off a maximum many periods later: each doubling halves the error."""
    rows = np.arange(len(lags))
    periods, multiple = lags.copy(), np.ones(len(lags))
    while (goes_on := 2 * multiple * periods < min(_LONGEST_LAG, similarity.shape[1] - 3)).any():
        expected = np.rint(2 * multiple * periods).astype(np.intp).clip(2, similarity.shape[1] - 3)
        around = similarity[rows[:, None], expected[:, None] + np.arange(-1, 2)]
        found, height = _vertex(similarity, expected - 1 + around.argmax(axis=1))
        goes_on &= (height > 0.5) & (np.abs(found - 2 * multiple * periods) < 1.5)
        if not goes_on.any():
            break
        multiple = np.where(goes_on, 2 * multiple, multiple)
        periods = np.where(goes_on, found / multiple, periods)
    return periods


def _vertex(similarity: Values, lag: npt.NDArray[np.intp]) -> tuple[Values, Values]:
    """Place and height of the parabola through the three values around a lag."""
    around = similarity[np.arange(len(lag))[:, None], lag[:, None] + np.arange(-1, 2)]
    slope, bend = _slope(around)[:, 0], np.minimum(_bend(around)[:, 0], -1e-12)
    shift = (-0.5 * slope / bend).clip(-1, 1)
    return lag + shift, around[:, 1] + 0.25 * slope * shift


def _slope(values: Values) -> Values:
    return values[:, 2:] - values[:, :-2]


def _bend(values: Values) -> Values:
    return values[:, :-2] - 2 * values[:, 1:-1] + values[:, 2:]


def _weighted_median(values: Values, weights: Values) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(passed, passed[-1] / 2)])
