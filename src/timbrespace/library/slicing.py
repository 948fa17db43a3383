"""Cut a long recording into its sounds, at their onsets.

Comes in: a mono waveform. Goes out: where each sound starts and how long it lasts, in seconds. A
sound lasts to the next onset, or until it has died away.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from timbrespace.audio import sounding_spans
from timbrespace.features import mel_power

_HOP_S, _FRAME_S = 0.01, 0.046
_N_MELS = 64
_COMPRESSION = 1e4  # of powers against the strongest: what lies 40 dB below counts little
_LAG_FRAMES = 2
_PEAK_S, _MEAN_S = 0.05, 0.3  # a peak is the highest so far around, and above the mean so far
_LEAST_RISE = 0.06  # of the flux, a share of its highest
_LEAD_S = 0.02  # kept before an onset, where the attack begins
_SHORTEST_S = 0.06


def slice_spans(
    waveform: npt.NDArray[np.float32], sample_rate_hz: int
) -> list[tuple[float, float]]:
    """Sounds of a recording, in order, without overlap.

    Args:
        waveform: (samples,).
        sample_rate_hz: its rate.

    Returns:
        (start_s, duration_s) of each, 60 ms or longer; none for silence.
    """
    parts = sounding_spans(waveform, sample_rate_hz=sample_rate_hz, margin_s=_LEAD_S)
    if not parts:
        return []
    onsets = onset_times_s(waveform, sample_rate_hz) - _LEAD_S
    return [span for part in parts for span in _cut(part, onsets, sample_rate_hz)]


def onset_times_s(waveform: npt.ArrayLike, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    """When new sounds begin: peaks of the spectral flux; (onsets,) in seconds.

    The flux is how far the levels of 64 mel bands have risen, together, over 20 ms.

    Args:
        waveform: (samples,), at least one, finite.
        sample_rate_hz: its rate.

    Source: Böck & Widmer 2013, "Maximum filter vibrato suppression for onset detection", DAFx.
    """
    flux = _spectral_flux(waveform, sample_rate_hz)
    highest = maximum_filter1d(flux, _odd(_PEAK_S))
    mean = uniform_filter1d(flux, _odd(_MEAN_S))
    peaks = (flux == highest) & (flux > mean + _LEAST_RISE * flux.max(initial=0))
    return np.asarray(np.flatnonzero(peaks) * _HOP_S)


def _spectral_flux(waveform: npt.ArrayLike, sample_rate_hz: int) -> npt.NDArray[np.float64]:
    power = mel_power(
        waveform,
        sample_rate_hz,
        n_mels=_N_MELS,
        fft_samples=2 ** round(np.log2(_FRAME_S * sample_rate_hz)),
        hop_samples=max(1, round(_HOP_S * sample_rate_hz)),
    )
    level = np.log1p(_COMPRESSION * power / max(float(power.max()), 1e-30))
    before = maximum_filter1d(level, 3, axis=1)  # so that a wavering pitch is no rise
    before = np.pad(before, ((_LAG_FRAMES, 0), (0, 0)))[: len(level)]
    return np.asarray(np.maximum(level - before, 0).mean(axis=1))


def _cut(
    part: tuple[int, int], onsets_s: npt.NDArray[np.float64], sample_rate_hz: int
) -> list[tuple[float, float]]:
    """A part that sounds, cut at the onsets in it that leave sounds long enough."""
    start_s, stop_s = part[0] / sample_rate_hz, part[1] / sample_rate_hz
    starts = [start_s]
    for onset_s in onsets_s[(onsets_s > start_s) & (onsets_s < stop_s - _SHORTEST_S)]:
        if onset_s - starts[-1] >= _SHORTEST_S:
            starts.append(float(onset_s))
    stops = [*starts[1:], stop_s]
    return [(start, stop - start) for start, stop in zip(starts, stops, strict=True)]


def _odd(length_s: float) -> int:
    return 2 * round(length_s / _HOP_S / 2) + 1
