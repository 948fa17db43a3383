"""Bring waveforms to one level.

Comes in and goes out: (samples,) float32, full scale 1.0; silence stays silence.
"""

from __future__ import annotations

import numpy as np

from timbrespace.audio.decode import Waveform


def normalise_peak(waveform: Waveform, *, peak_dbfs: float = -1.0) -> Waveform:
    """Scale so that the largest absolute sample is at `peak_dbfs`.

    Example:
        >>> normalise_peak(np.array([0.1, -0.2], np.float32), peak_dbfs=0.0)
        array([ 0.5, -1. ], dtype=float32)
    """
    peak = np.abs(waveform).max(initial=0.0)
    if peak == 0:
        return waveform
    return (waveform * (10 ** (peak_dbfs / 20) / float(peak))).astype(np.float32)
