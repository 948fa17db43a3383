"""Power in mel bands over time.

Comes in: a mono waveform (samples,). Goes out: (frames, bands) float64, linear power. Frames are
centred: the waveform is padded with half a frame of zeros at both ends, so even one sample gives
one frame. Silence gives zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from timbrespace.errors import ConfigError, InputError

Frames = npt.NDArray[np.float64]

_BLOCK_FRAMES = 1024
_LINEAR_HZ = 1000.0  # linear up to here, logarithmic above
_HZ_PER_MEL = 200 / 3
_LOG_STEP = np.log(6.4) / 27


def mel_power(
    waveform: npt.ArrayLike,
    sample_rate_hz: int,
    *,
    n_mels: int = 128,
    fft_samples: int = 2048,
    hop_samples: int = 512,
) -> Frames:
    """Power of each frame, Hann-windowed, in bands from 0 Hz to half the sample rate.

    Args:
        waveform: (samples,), finite, at least one sample.
        sample_rate_hz: its rate.
        n_mels: bands.
        fft_samples: length of a frame.
        hop_samples: from one frame to the next.

    Returns:
        (1 + samples // hop_samples, n_mels), >= 0.

    Raises:
        ConfigError: `hop_samples` is below 1, or as `mel_bands`.
        InputError: the waveform is empty, not one-dimensional or not finite.

    Example:
        >>> mel_power([1.0], 16_000).shape
        (1, 128)
    """
    if hop_samples < 1:
        raise ConfigError(f"hop_samples must be at least 1, got {hop_samples}.")
    bands = mel_bands(sample_rate_hz, n_mels=n_mels, fft_samples=fft_samples).T
    samples = np.asarray(waveform, dtype=np.float64)
    if samples.ndim != 1 or not samples.size or not np.isfinite(samples).all():
        raise InputError(
            f"a waveform must be (samples,), not empty and finite; got shape {samples.shape}."
        )
    blocks = _windowed(samples, fft_samples, hop_samples)
    return np.concatenate([np.abs(rfft(block)) ** 2 @ bands for block in blocks])


@cache
def mel_bands(sample_rate_hz: int, *, n_mels: int = 128, fft_samples: int = 2048) -> Frames:
    """Triangles that overlap by half, of equal area, equally spaced on Slaney's mel scale.

    Args:
        sample_rate_hz: rate of the waveform.
        n_mels: bands, from 0 Hz to half the rate.
        fft_samples: length of the Fourier transform.

    Returns:
        Weights (n_mels, 1 + fft_samples // 2), read-only: equal calls share them.

    Raises:
        ConfigError: `sample_rate_hz` or `n_mels` is below 1, or `fft_samples` below 2.

    Source: Slaney 1998, "Auditory Toolbox", Interval Research technical report 1998-010.
    """
    if sample_rate_hz < 1 or n_mels < 1 or fft_samples < 2:
        raise ConfigError(
            "mel bands need sample_rate_hz >= 1, n_mels >= 1 and fft_samples >= 2; got "
            f"{sample_rate_hz}, {n_mels} and {fft_samples}."
        )
    edges_hz = _mel_to_hz(np.linspace(0.0, _hz_to_mel(sample_rate_hz / 2), n_mels + 2))
    low, centre, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    bins_hz = np.fft.rfftfreq(fft_samples, 1 / sample_rate_hz)
    rise, fall = (bins_hz - low) / (centre - low), (high - bins_hz) / (high - centre)
    bands = np.clip(np.minimum(rise, fall), 0.0, None) * 2 / (high - low)
    bands.flags.writeable = False
    return np.asarray(bands)


def _windowed(samples: Frames, fft_samples: int, hop_samples: int) -> Iterator[Frames]:
    """Blocks of frames, so that a long file needs no more memory than a short one."""
    padded = np.pad(samples, (fft_samples // 2, fft_samples - fft_samples // 2))
    starts = np.lib.stride_tricks.sliding_window_view(padded, fft_samples)
    frames = starts[: samples.size + 1 : hop_samples]
    window = np.hanning(fft_samples + 1)[:-1]  # periodic
    for first in range(0, len(frames), _BLOCK_FRAMES):
        yield frames[first : first + _BLOCK_FRAMES] * window


def _hz_to_mel(hz: float) -> float:
    if hz < _LINEAR_HZ:
        return hz / _HZ_PER_MEL
    return float(_LINEAR_HZ / _HZ_PER_MEL + np.log(hz / _LINEAR_HZ) / _LOG_STEP)


def _mel_to_hz(mel: Frames) -> Frames:
    above = mel - _LINEAR_HZ / _HZ_PER_MEL
    return np.where(above < 0, mel * _HZ_PER_MEL, _LINEAR_HZ * np.exp(above * _LOG_STEP))
