"""Mel-frequency cepstral coefficients, the classic description of timbre.

Comes in: a mono waveform (samples,). Goes out: coefficients per frame, or their statistics over
time. Silence and single samples give finite values: levels stop 80 dB below the loudest band and at
-100 dB.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from timbrespace.errors import ConfigError
from timbrespace.features.mel import Frames, mel_power

_N_MELS = 128
_RANGE_DB = 80.0
_LOWEST_POWER = 1e-10


def mfcc(waveform: npt.ArrayLike, sample_rate_hz: int, *, n_mfcc: int = 20) -> Frames:
    """Shape of the spectrum's envelope in each frame, from coarse to fine.

    The orthonormal cosine transform (DCT-II) of the levels in dB of 128 mel bands; frames of 2048
    samples, 512 apart. The first coefficient is the overall level, the second the tilt.

    Args:
        waveform: (samples,), finite, at least one sample.
        sample_rate_hz: its rate.
        n_mfcc: coefficients, 1 to 128.

    Returns:
        (frames, n_mfcc).

    Raises:
        ConfigError: `n_mfcc` is out of range.
        InputError: the waveform is empty, not one-dimensional or not finite.

    Example:
        >>> mfcc(np.zeros(16_000), 16_000, n_mfcc=2)[0].round(1).tolist()  # silence: -100 dB, flat
        [-1131.4, 0.0]

    Source: Davis & Mermelstein 1980, "Comparison of parametric representations for monosyllabic
    word recognition in continuously spoken sentences", doi:10.1109/TASSP.1980.1163420.
    """
    if not 1 <= n_mfcc <= _N_MELS:
        raise ConfigError(f"n_mfcc must be from 1 to {_N_MELS}, got {n_mfcc}.")
    power = mel_power(waveform, sample_rate_hz, n_mels=_N_MELS)
    level_db = 10 * np.log10(np.maximum(power, _LOWEST_POWER))
    audible = np.maximum(level_db, level_db.max() - _RANGE_DB)
    return np.asarray(dct(audible, type=2, norm="ortho", axis=1)[:, :n_mfcc])


def mfcc_statistics(waveform: npt.ArrayLike, sample_rate_hz: int, *, n_mfcc: int = 20) -> Frames:
    """Mean and standard deviation of each coefficient over time, the classic baseline.

    Args:
        waveform: (samples,), finite, at least one sample.
        sample_rate_hz: its rate.
        n_mfcc: coefficients, 1 to 128.

    Returns:
        (2 * n_mfcc,): the means, then the deviations, which are 0 for a single frame.

    Raises:
        ConfigError: as `mfcc`.
        InputError: as `mfcc`.

    Source: Peeters et al. 2011, "The Timbre Toolbox: extracting audio descriptors from musical
    signals", doi:10.1121/1.3642604 (statistics over time of descriptors per frame).
    """
    frames = mfcc(waveform, sample_rate_hz, n_mfcc=n_mfcc)
    return np.concatenate([frames.mean(axis=0), frames.std(axis=0)])
