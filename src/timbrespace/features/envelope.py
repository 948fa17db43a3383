"""How the level of a sound runs over time: its attack, its envelope, its overview as a picture.

Comes in: a mono waveform (samples,), at least one sample. Goes out: seconds, decibels or small
arrays; silence gives NaN, minus infinity or zeros.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.float64]

_FRAME_S = 0.005
_ATTACK_FROM, _ATTACK_TO = 0.2, 0.9  # of the highest amplitude
_ONSET_DB = -40.0
_FLOOR_DB = -60.0
_FIRST_S, _LAST_S = 0.01, 16.0


def peak_db(waveform: npt.ArrayLike) -> float:
    """Largest absolute sample in dB of full scale; minus infinity for silence.

    Example:
        >>> round(peak_db([0.1, -0.5]), 2)
        -6.02
    """
    peak = np.abs(np.asarray(waveform)).max(initial=0)
    return float(20 * np.log10(peak)) if peak > 0 else float("-inf")


def attack_s(waveform: npt.ArrayLike, sample_rate_hz: int) -> float:
    """Time that the amplitude takes from 20 % to 90 % of its highest, the first time it gets there.

    Amplitudes are root mean squares of 5 ms, joined by straight lines.

    Args:
        waveform: (samples,).
        sample_rate_hz: its rate.

    Returns:
        Seconds, to about 5 ms; NaN for silence.

    Source: Peeters et al. 2011, "The Timbre Toolbox", doi:10.1121/1.3642604 (attack time, with
    fixed thresholds).
    """
    amplitude = _amplitudes(waveform, sample_rate_hz)
    highest = amplitude.max()
    if highest == 0:
        return float("nan")
    amplitude = np.r_[0.0, amplitude]
    stop = int(np.argmax(amplitude >= _ATTACK_TO * highest))
    low = amplitude[:stop] < _ATTACK_FROM * highest
    start = int(np.flatnonzero(low)[-1]) + 1  # there is one: the first is 0
    frames = _crossing(amplitude, stop, _ATTACK_TO * highest)
    frames -= _crossing(amplitude, start, _ATTACK_FROM * highest)
    return frames * _FRAME_S


def loudness_envelope(
    waveform: npt.ArrayLike, sample_rate_hz: int, *, n_points: int = 64
) -> npt.NDArray[np.uint8]:
    """Level from a sound's onset on, at times that grow by a constant ratio from 10 ms to 16 s.

    Even steps of the logarithm of time show attack, decay and length alike, so two envelopes can
    be compared point by point. Gain and silence before the onset change nothing.

    Args:
        waveform: (samples,).
        sample_rate_hz: its rate.
        n_points: times.

    Returns:
        (n_points,): 255 is the highest level, 0 is 60 dB below it or less, or past the end.
    """
    amplitude = _amplitudes(waveform, sample_rate_hz)
    highest = amplitude.max()
    if highest == 0:
        return np.zeros(n_points, np.uint8)
    amplitude = amplitude[np.argmax(amplitude >= highest * 10 ** (_ONSET_DB / 20)) :]
    ends = np.geomspace(_FIRST_S, _LAST_S, n_points) / _FRAME_S
    powers = np.r_[0.0, np.cumsum(np.square(amplitude))]
    passed = np.interp(np.r_[0.0, ends], np.arange(powers.size), powers)
    means = np.diff(passed) / np.diff(ends, prepend=0.0)
    level_db = 10 * np.log10(np.maximum(means / highest**2, 10 ** (_FLOOR_DB / 10)))
    return np.asarray(np.rint(255 * (1 - level_db / _FLOOR_DB)).clip(0, 255), dtype=np.uint8)


def waveform_overview(waveform: npt.ArrayLike, *, n_columns: int = 128) -> npt.NDArray[np.int8]:
    """Lowest and highest sample in each of equal parts, to draw the waveform by.

    Args:
        waveform: (samples,), full scale 1.0; what goes beyond is cut.
        n_columns: parts.

    Returns:
        (2, n_columns): minima, then maxima; 127 is full scale.
    """
    samples = np.asarray(waveform)
    starts = np.arange(n_columns) * samples.size // n_columns
    edges = np.stack([np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)])
    return np.asarray(np.rint(127 * edges.clip(-1, 1)), dtype=np.int8)


def _amplitudes(waveform: npt.ArrayLike, sample_rate_hz: int) -> Levels:
    """Root mean square of each 5 ms; the last part may be shorter."""
    powers = np.square(np.asarray(waveform, dtype=np.float32))
    starts = np.arange(0, powers.size, max(1, round(_FRAME_S * sample_rate_hz)))
    counts = np.diff(starts, append=powers.size)
    return np.sqrt(np.add.reduceat(powers, starts, dtype=np.float64) / counts)


def _crossing(amplitude: Levels, frame: int, threshold: float) -> float:
    """Where the line from the frame before to this one, which reaches the threshold, meets it."""
    before, at = amplitude[frame - 1], amplitude[frame]
    return float(frame - (at - threshold) / (at - before))
