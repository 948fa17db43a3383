"""Frequencies spaced as hearing and music space them.

Comes in: ends in Hz, or MIDI notes. Goes out: float32 tensors in Hz.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

from timbrespace.errors import ConfigError

MelScale = Literal["slaney", "htk"]

_LINEAR_HZ_PER_MEL = 200 / 3
_LOG_START_HZ = 1000.0
_LOG_START_MEL = _LOG_START_HZ / _LINEAR_HZ_PER_MEL
_LOG_STEP = math.log(6.4) / 27


def mel_spaced_hz(low_hz: float, high_hz: float, count: int, scale: MelScale) -> Tensor:
    """`count` frequencies from `low_hz` to `high_hz`, equally spaced in mel; (count,).

    Args:
        low_hz: first, >= 0.
        high_hz: last.
        count: at least 2.
        scale: "htk": 2595 log10(1 + f / 700). "slaney": linear up to 1 kHz, logarithmic above
            (Slaney 1998, Auditory Toolbox).

    Raises:
        ConfigError: the frequencies are not in order, or the count is below 2.

    Example:
        >>> mel_spaced_hz(0.0, 1000.0, 3, "slaney")
        tensor([   0.0000,  500.0000, 1000.0000])
    """
    if not 0 <= low_hz < high_hz or count < 2:
        raise ConfigError(
            f"mel bands need 0 <= low < high in Hz and two edges, got {low_hz:g}, {high_hz:g} "
            f"and {count}."
        )
    low, high = _hz_to_mel(low_hz, scale), _hz_to_mel(high_hz, scale)
    return _mel_to_hz(torch.linspace(low, high, count), scale)


def midi_to_hz(note: Tensor) -> Tensor:
    """Frequency of MIDI notes in equal temperament, note 69 at 440 Hz.

    Example:
        >>> midi_to_hz(torch.tensor([57.0, 69.0]))
        tensor([220., 440.])
    """
    return 440.0 * 2.0 ** ((note - 69) / 12)


def _hz_to_mel(hz: float, scale: MelScale) -> float:
    if scale == "htk":
        return 2595 * math.log10(1 + hz / 700)
    if hz < _LOG_START_HZ:
        return hz / _LINEAR_HZ_PER_MEL
    return _LOG_START_MEL + math.log(hz / _LOG_START_HZ) / _LOG_STEP


def _mel_to_hz(mel: Tensor, scale: MelScale) -> Tensor:
    if scale == "htk":
        return 700 * (10 ** (mel / 2595) - 1)
    linear = mel * _LINEAR_HZ_PER_MEL
    return torch.where(
        mel < _LOG_START_MEL, linear, _LOG_START_HZ * ((mel - _LOG_START_MEL) * _LOG_STEP).exp()
    )
