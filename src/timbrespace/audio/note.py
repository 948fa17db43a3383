"""A sound as encoders hear it, in training and in use alike: trimmed and at one level.

Comes in: a file, a part of it, or a waveform. Goes out: (samples,) float32, mono, silence cut off,
peak at -1 dBFS.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from timbrespace.audio.decode import Waveform, read_audio
from timbrespace.audio.level import normalise_peak
from timbrespace.audio.silence import trim_silence
from timbrespace.errors import AudioError

_SILENT_PEAK = 2**-15  # one step of 16 bits: rounding has no timbre to bring to one level


def read_note(
    path: Path,
    *,
    sample_rate_hz: int,
    start_s: float = 0.0,
    duration_s: float | None = None,
    trim: bool = True,
) -> Waveform:
    """Read a file or a part of it, cut off its silence, bring it to one level.

    Args:
        path: an audio file.
        sample_rate_hz: rate of the waveform that is returned.
        start_s: start of the part.
        duration_s: length of the part; None reads to the end.
        trim: False keeps the silence.

    Raises:
        AudioError: as `read_audio`, or the part is silent: its peak is below -90 dBFS.
    """
    waveform = read_audio(
        path, sample_rate_hz=sample_rate_hz, start_s=start_s, duration_s=duration_s
    )
    if not trim:
        return levelled(waveform, name=str(path))
    return as_note(waveform, sample_rate_hz=sample_rate_hz, name=str(path))


def as_note(waveform: Waveform, *, sample_rate_hz: int, name: str) -> Waveform:
    """Cut off a waveform's silence and bring it to one level.

    Args:
        waveform: (samples,), at least one.
        sample_rate_hz: its rate.
        name: what errors call it.

    Raises:
        AudioError: it is silent, as in `levelled`.
    """
    return levelled(trim_silence(waveform, sample_rate_hz=sample_rate_hz), name=name)


def levelled(waveform: Waveform, *, name: str) -> Waveform:
    """Bring a waveform to one level.

    Args:
        waveform: (samples,).
        name: what errors call it.

    Raises:
        AudioError: it is silent: its peak is below -90 dBFS.
    """
    if np.abs(waveform).max(initial=0.0) < _SILENT_PEAK:
        raise AudioError(f"{name}: is silent; nothing can be told of its timbre.")
    return normalise_peak(waveform)
