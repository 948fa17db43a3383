"""Music as taggers hear it, in training and in use alike: mono, whole, at one loudness.

Comes in: a file, a part of it, or a waveform. Goes out: (samples,) float32. Silence is not cut off,
since it is part of the music. The level is that of loudness, not of peaks, which say little about
music; full scale may be passed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from timbrespace.audio.decode import Waveform, read_audio
from timbrespace.audio.loudness import loudness_lufs


def read_excerpt(
    path: Path,
    *,
    sample_rate_hz: int,
    start_s: float = 0.0,
    duration_s: float | None = None,
    target_lufs: float = -12.0,
) -> Waveform:
    """Read music or a part of it, and bring it to one loudness.

    Args:
        path: an audio file.
        sample_rate_hz: rate of the waveform that is returned.
        start_s: start of the part.
        duration_s: length of the part; None reads to the end.
        target_lufs: its integrated loudness.

    Raises:
        AudioError: as `read_audio`.
    """
    waveform = read_audio(
        path, sample_rate_hz=sample_rate_hz, start_s=start_s, duration_s=duration_s
    )
    return normalise_loudness(waveform, sample_rate_hz=sample_rate_hz, target_lufs=target_lufs)


def normalise_loudness(
    waveform: Waveform, *, sample_rate_hz: int, target_lufs: float = -12.0
) -> Waveform:
    """Scale to an integrated loudness; what is silent, below -70 LUFS throughout, stays as it is.

    Args:
        waveform: (samples,), at least one.
        sample_rate_hz: its rate.
        target_lufs: loudness of what is returned.

    Raises:
        InputError: as `loudness_lufs`.
    """
    lufs = loudness_lufs(waveform, sample_rate_hz)
    if lufs == -np.inf:
        return waveform
    return (waveform * 10 ** ((target_lufs - lufs) / 20)).astype(np.float32)
