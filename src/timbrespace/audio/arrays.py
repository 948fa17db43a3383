"""Samples in memory to the waveform that a file of them would give.

Comes in: (samples,) or (samples, channels) at any rate, floating point or signed integers. Goes
out: (samples,) float32, full scale 1.0, channels averaged, at the wanted rate.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.audio.decode import MARGIN_S, Waveform, resample
from timbrespace.errors import AudioError, InputError

Samples = npt.NDArray[Any]

_RATES_HZ = (1_000, 1_000_000)


def array_waveform(
    samples: Samples,
    rate_hz: int,
    *,
    sample_rate_hz: int,
    duration_s: float | None = None,
    name: str = "array",
) -> Waveform:
    """Mix samples down and resample them, as `read_audio` does those of a file.

    Args:
        samples: (samples,) or (samples, channels), as soundfile gives them. Signed integers are
            divided by their full scale.
        rate_hz: their rate, from 1,000 to 1,000,000.
        sample_rate_hz: rate of the waveform that is returned.
        duration_s: no more than this of the start; None takes all.
        name: what errors call it.

    Returns:
        (samples,) float32.

    Raises:
        InputError: the shape, the type or the rate is not one of sound.
        AudioError: there is no sample, or one is NaN or infinite.

    Example:
        >>> stereo = np.array([[0.5, 0.0], [-0.5, 0.0]])
        >>> array_waveform(stereo, 16_000, sample_rate_hz=16_000)
        array([ 0.25, -0.25], dtype=float32)
    """
    _check(samples, rate_hz, name)
    if duration_s is not None:
        samples = samples[: math.ceil((duration_s + MARGIN_S) * rate_hz)]
    mono = _float32(samples).reshape(len(samples), -1).mean(axis=1, dtype=np.float32)
    if not np.isfinite(mono).all():
        raise AudioError(f"{name}: holds NaN or infinite samples; repair or remove it.")
    waveform = resample(iter([mono]), int(rate_hz), sample_rate_hz)
    if not waveform.size:
        raise AudioError(f"{name}: has no samples.")
    return waveform if duration_s is None else waveform[: round(duration_s * sample_rate_hz)]


def _check(samples: Samples, rate_hz: int, name: str) -> None:
    if samples.dtype.kind not in "fi":
        raise InputError(
            f"{name}: samples must be floating point or signed integers, got {samples.dtype}."
        )
    if samples.ndim not in (1, 2):
        raise InputError(
            f"{name}: must be (samples,) or (samples, channels), got shape {samples.shape}; "
            "give several sounds as a list."
        )
    if samples.ndim == 2 and samples.shape[1] > samples.shape[0]:
        raise InputError(
            f"{name}: shape {samples.shape} has more channels than samples; give (samples, "
            "channels), the transpose, or several sounds as a list."
        )
    if not samples.size:
        raise AudioError(f"{name}: has no samples.")
    lowest, highest = _RATES_HZ
    if not (lowest <= rate_hz <= highest and rate_hz == int(rate_hz)):
        raise InputError(
            f"{name}: its sample rate must be a whole number from {lowest} to {highest} Hz, "
            f"got {rate_hz:g}."
        )


def _float32(samples: Samples) -> Samples:
    with np.errstate(over="ignore"):  # what is too large is infinite, which is refused
        scale = -float(np.iinfo(samples.dtype).min) if samples.dtype.kind == "i" else 1.0
        return (samples / scale).astype(np.float32)
