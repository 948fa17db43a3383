"""Powers in, what a network can see out: decibels, 0 at the floor and 1 at the top.

What lies at or below the floor is 0, so that a network's zero padding is silence.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

from timbrespace.errors import ConfigError
from timbrespace.models.lengths import is_within

Level = Literal["relative", "absolute"]

_SMALLEST_POWER = 1e-20


def power_spectrum(frames: Tensor, fft_samples: int) -> Tensor:
    """Squared magnitude of the Fourier transform; (..., fft_samples // 2 + 1).

    Args:
        frames: zero-padded to `fft_samples`; (..., samples).
        fft_samples: at least the samples of a frame.

    Example:
        >>> power_spectrum(torch.tensor([1.0, -1.0]), 2)
        tensor([0., 4.])
    """
    spectrum: Tensor = torch.fft.rfft(frames, fft_samples)
    return spectrum.real.square() + spectrum.imag.square()


def levels(power: Tensor, n_frames: Tensor | None, *, level: Level, floor_db: float) -> Tensor:
    """Decibels above the floor, in units of the floor's depth.

    y = max(0, 1 - 10 log10(power / top) / floor_db)

    Args:
        power: >= 0; (batch, frames, bands).
        n_frames: frames of each item; (batch,). None if all are full.
        level: "relative": the top is the item's largest power, so that a recording's gain
            changes nothing. "absolute": the top is power 1, a full-scale sine.
        floor_db: lowest level heard, below the top; < 0.

    Returns:
        (batch, frames, bands), at most 1 if relative. Silence gives 0.

    Example:
        >>> power = torch.tensor([[[1.0, 0.1, 0.0]]])
        >>> levels(power, None, level="relative", floor_db=-20.0)
        tensor([[[1.0000, 0.5000, 0.0000]]])
    """
    top = power.new_ones(()) if level == "absolute" else _largest(power, n_frames)
    floor = (top * 10 ** (floor_db / 10)).clamp(min=_SMALLEST_POWER)
    return (power / floor).clamp(min=1.0).log10() * (-10 / floor_db)


def check_floor(floor_db: float) -> float:
    """`floor_db` as it came.

    Raises:
        ConfigError: it is not a finite number below 0.
    """
    if not -math.inf < floor_db < 0:
        raise ConfigError(f"floor_db must be a finite number below 0, got {floor_db:g}.")
    return floor_db


def _largest(power: Tensor, n_frames: Tensor | None) -> Tensor:
    """Largest power of each item; (batch, 1, 1)."""
    peaks = power.detach().amax(2)
    if n_frames is not None:
        peaks = peaks * is_within(n_frames, power.shape[1])
    return peaks.amax(1)[:, None, None]
