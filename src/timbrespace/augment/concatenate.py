"""Join notes of one instrument to one longer sound.

Comes in: trimmed notes. Goes out: one waveform of the wanted length, notes end to end.
Source: Shi et al. 2022, section III (data augmentation by concatenation of notes).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


def fill_with_notes(out: Samples, notes: Iterable[Samples]) -> int:
    """Write notes end to end into `out` until it is full or the notes end.

    Args:
        out: (samples,), changed in place; the caller's buffer, zeros where no note reaches.
        notes: each (samples,); the last one is cut where `out` ends.

    Returns:
        How many samples were written.

    Example:
        >>> out = np.zeros(5, np.int16)
        >>> fill_with_notes(out, [np.int16([1, 2, 3]), np.int16([7, 8, 9])]), out.tolist()
        (5, [1, 2, 3, 7, 8])
    """
    written = 0
    for note in notes:
        part = note[: len(out) - written]
        out[written : written + len(part)] = part
        written += len(part)
        if written == len(out):
            break
    return written
