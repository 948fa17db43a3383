"""How loud a sound is to the ear, in LUFS.

Comes in: a waveform at full scale 1.0. Goes out: its integrated loudness; silence gives minus
infinity.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.signal import sosfilt

from timbrespace.errors import ConfigError, InputError

_LOWEST_RATE_HZ = 4_000  # below, the shelf would lie past half the rate
_STEP_S, _STEPS_OF_A_BLOCK = 0.1, 4
OFFSET_DB = -0.691  # so that a full-scale sine of 997 Hz in one channel is -3.01 LUFS
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_DB = -10.0

Powers = npt.NDArray[np.float64]


def loudness_lufs(waveform: npt.ArrayLike, sample_rate_hz: int) -> float:
    """Integrated loudness: the mean power of K-weighted blocks of 0.4 s that pass the gates.

    Blocks below -70 LUFS do not count, nor do those 10 dB below the mean of the others. A sound
    shorter than one block is measured as one, with silence behind it.

    Args:
        waveform: (samples,) or (samples, channels), whose powers add up; finite, full scale 1.0.
        sample_rate_hz: its rate, at least 4,000.

    Returns:
        Loudness in LUFS; minus infinity if no block reaches -70 LUFS.

    Raises:
        ConfigError: the rate is too low.
        InputError: the waveform is empty, not of that shape or not finite.

    Example:
        >>> time_s = np.arange(48_000) / 48_000
        >>> round(loudness_lufs(np.sin(2 * np.pi * 997 * time_s), 48_000), 2)
        -3.01

    Source: ITU-R BS.1770-4, "Algorithms to measure audio programme loudness and true-peak audio
    level".
    """
    return _gated_lufs(_block_powers(_checked(waveform, sample_rate_hz), sample_rate_hz))


def momentary_loudness_lufs(
    waveform: npt.ArrayLike, sample_rate_hz: int
) -> npt.NDArray[np.float64]:
    """Loudness of each block of 0.4 s, a step of 0.1 s apart, without gates.

    Args:
        waveform: as `loudness_lufs` takes it; shorter than one block, it is one.
        sample_rate_hz: its rate, at least 4,000.

    Returns:
        LUFS; (blocks,). A block of digital silence gives minus infinity.

    Raises:
        ConfigError, InputError: as `loudness_lufs`.
    """
    powers = _block_powers(_checked(waveform, sample_rate_hz), sample_rate_hz)
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET_DB + 10 * np.log10(powers))


def _checked(waveform: npt.ArrayLike, sample_rate_hz: int) -> Powers:
    if sample_rate_hz < _LOWEST_RATE_HZ:
        raise ConfigError(
            f"loudness needs a sample rate of {_LOWEST_RATE_HZ} Hz or more, got {sample_rate_hz}."
        )
    samples = np.asarray(waveform, dtype=np.float64)
    if samples.ndim not in (1, 2) or not samples.size or not np.isfinite(samples).all():
        raise InputError(
            "a waveform must be (samples,) or (samples, channels), not empty and finite; got "
            f"shape {samples.shape}."
        )
    return samples


def _block_powers(samples: Powers, sample_rate_hz: int) -> Powers:
    """Power of each block, its channels added; (blocks,)."""
    step = round(_STEP_S * sample_rate_hz)
    weighted = sosfilt(k_weighting(sample_rate_hz).copy(), samples, axis=0)
    powers = np.square(weighted) if samples.ndim == 1 else np.square(weighted).sum(axis=1)
    n_steps = len(powers) // step
    if n_steps < _STEPS_OF_A_BLOCK:
        return np.array([powers.sum() / (_STEPS_OF_A_BLOCK * step)])
    steps = powers[: n_steps * step].reshape(n_steps, step).mean(axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(steps, _STEPS_OF_A_BLOCK)
    return np.asarray(windows.mean(axis=1))


def _gated_lufs(powers: Powers) -> float:
    loud = powers[powers > _power(_ABSOLUTE_GATE_LUFS)]
    if not loud.size:
        return -np.inf
    counted = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE_DB / 10)]
    return float(OFFSET_DB + 10 * np.log10(counted.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET_DB) / 10))


@cache
def k_weighting(sample_rate_hz: int) -> Powers:
    """Filter of the ear's sensitivity: a shelf above 1.7 kHz, for the head, and a high-pass.

    The bilinear transform of the analogue filters behind the table that the standard gives for
    48 kHz, so that every rate is weighted alike.

    Args:
        sample_rate_hz: rate of the waveform.

    Returns:
        Second-order sections (2, 6), read-only: equal calls share them.

    Source: ITU-R BS.1770-4, annex 1; De Man 2014, "Evaluation of implementations of the EBU R128
    loudness measurement", AES Convention 137.
    """
    k, q = np.tan(np.pi * 1681.974450955533 / sample_rate_hz), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf_b = [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]
    shelf_a = [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate_hz), 0.5003270373238773
    pass_a = [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    shelf = np.r_[shelf_b, shelf_a] / shelf_a[0]
    sections = np.stack([shelf, np.r_[1.0, -2.0, 1.0, np.array(pass_a) / pass_a[0]]])
    sections.flags.writeable = False
    return sections
