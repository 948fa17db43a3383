"""Cut a waveform that comes in blocks into clips that overlap.

Comes in: blocks of one waveform. Goes out: clips of equal length, one every hop; memory holds one
block and one clip. The last clip may be shorter; a waveform shorter than a clip is one clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Waveform = npt.NDArray[np.float32]


class Clip(NamedTuple):
    """A part of a waveform.

    Attributes:
        start: its first sample's place in the waveform.
        waveform: (samples,).
    """

    start: int
    waveform: Waveform


def clips_of(blocks: Iterable[Waveform], *, clip_samples: int, hop_samples: int) -> Iterator[Clip]:
    """Clips that cover the whole waveform.

    Args:
        blocks: each (samples,), of any lengths.
        clip_samples: length of a clip.
        hop_samples: from one clip's start to the next; at most `clip_samples`.

    Example:
        >>> blocks = np.split(np.arange(7, dtype=np.float32), [3])
        >>> [clip.waveform.tolist() for clip in clips_of(blocks, clip_samples=4, hop_samples=2)]
        [[0.0, 1.0, 2.0, 3.0], [2.0, 3.0, 4.0, 5.0], [4.0, 5.0, 6.0]]
    """
    held, start, covered = np.zeros(0, np.float32), 0, 0
    for block in blocks:
        held = np.concatenate([held, block])
        n_clips = max(0, (len(held) - clip_samples) // hop_samples + 1)
        for number in range(n_clips):
            first = number * hop_samples
            yield Clip(start + first, held[first : first + clip_samples])
        if n_clips:
            covered = start + (n_clips - 1) * hop_samples + clip_samples
        start += n_clips * hop_samples
        held = held[n_clips * hop_samples :]
    if start + len(held) > covered:
        yield Clip(start, held)
