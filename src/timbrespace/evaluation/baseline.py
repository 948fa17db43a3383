"""The classic baseline that an encoder must beat: statistics of MFCCs.

Comes in: a table with the places of sounds (`path`, `start_s`, `duration_s`). Goes out: one vector
of descriptors for each, in order, to be standardised before cosines are taken.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from timbrespace.audio import read_notes
from timbrespace.errors import AudioError
from timbrespace.features import mfcc_statistics
from timbrespace.features.mel import Frames

SAMPLE_RATE_HZ = 16_000


def mfcc_vectors(sounds: pa.Table, *, sample_rate_hz: int = SAMPLE_RATE_HZ) -> Iterator[Frames]:
    """MFCC statistics of each sound, read as encoders read it: trimmed and at one level.

    Args:
        sounds: table with `path`, `start_s` and `duration_s`.
        sample_rate_hz: rate at which the sounds are heard.

    Yields:
        (40,) for each row, in order.

    Raises:
        AudioError: a sound cannot be read; without it the trials would not be those of the others.
    """
    for _, notes in read_notes(sounds, sample_rate_hz=sample_rate_hz):
        for note in notes:
            if isinstance(note, AudioError):
                raise note
            yield mfcc_statistics(note, sample_rate_hz)
