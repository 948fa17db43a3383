"""Join notes of one instrument to one longer sound.

Comes in: trimmed notes. Goes out: one waveform of the wanted length, notes, or pieces of them, end
to end. Source: Shi et al. 2022, section III (data augmentation by concatenation of notes).
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


def piece_of(note: Samples, *, start: int, n_samples: int, fade_samples: int) -> Samples:
    """Part of a note, faded in unless it begins with the note, and out unless it ends with it.

    Args:
        note: (samples,).
        start: of the piece.
        n_samples: of the piece; fewer where the note ends.
        fade_samples: length of each fade; half a piece that is shorter than two.

    Example:
        >>> piece_of(np.full(9, 8, np.int16), start=0, n_samples=4, fade_samples=2).tolist()
        [8, 8, 8, 4]
    """
    piece = note[start : start + n_samples].copy()
    n_fade = min(fade_samples, len(piece) // 2)
    rising = np.arange(1, n_fade + 1) / max(1, n_fade)
    if start:
        piece[:n_fade] = piece[:n_fade] * rising
    if n_fade and start + n_samples < len(note):
        piece[-n_fade:] = piece[-n_fade:] * rising[::-1]
    return piece
