"""Bring clips to one loudness, as a batch and on any device.

Comes in and goes out: (batch, samples). Loudness is that of ITU-R BS.1770 for one channel, without
gates, which a clip of a second is too short for: the energy behind the K-weighting, taken from the
power spectrum by Parseval's theorem.
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from scipy.signal import sosfreqz
from torch import Tensor

from timbrespace.audio.loudness import OFFSET_DB, k_weighting

_LEAST_ENERGY = 1e-12


@functools.lru_cache(maxsize=16)
def k_weights(n_fft: int, sample_rate_hz: int) -> Tensor:
    """Power gain of the K-weighting at the bins of a Fourier transform; (n_fft // 2 + 1,).

    The result is kept, so that it must not be changed.
    """
    radians = np.linspace(0, np.pi, n_fft // 2 + 1)
    _, response = sosfreqz(k_weighting(sample_rate_hz), worN=radians)
    return torch.from_numpy(np.square(np.abs(response)).astype(np.float32))


def loudness_lufs(waveform: Tensor, sample_rate_hz: int, n_samples: Tensor | None = None) -> Tensor:
    """Loudness of each item; (batch,). Silence gives about -120.

    Args:
        waveform: (batch, samples), zero past each item's count.
        sample_rate_hz: its rate.
        n_samples: samples of each item; (batch,). None if all are full.
    """
    total = waveform.shape[1]
    n_fft = max(2, 2 ** (total - 1).bit_length())
    spectrum = torch.fft.rfft(waveform, n_fft)
    weights = k_weights(n_fft, sample_rate_hz).to(waveform.device)
    power = spectrum.real.square() + spectrum.imag.square()
    energy = 2 * power @ weights / n_fft  # every bin stands for two; 0 Hz has weight 0
    mean = energy / (total if n_samples is None else n_samples)
    loudness: Tensor = OFFSET_DB + 10 * mean.clamp(min=_LEAST_ENERGY).log10()
    return loudness


def at_loudness(
    waveform: Tensor, sample_rate_hz: int, n_samples: Tensor | None = None, *, lufs: float
) -> Tensor:
    """Each item brought to a loudness; (batch, samples), not limited to full scale.

    Args:
        waveform: as in `loudness_lufs`.
        sample_rate_hz: its rate.
        n_samples: as in `loudness_lufs`.
        lufs: that every item shall have.
    """
    gain_db = lufs - loudness_lufs(waveform, sample_rate_hz, n_samples)
    louder: Tensor = waveform * 10 ** (gain_db / 20)[:, None]
    return louder
