"""How many samples of one SoundFont are in another, byte for byte.

Comes in: two .sf2 files whose samples are not compressed. Goes out: a line.

    python experiments/shared_samples.py sf_GMbank.sf2 TimGM6mb.sf2
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from timbrespace.rendering.hydra import read_hydra

_TAKEN = 16  # values in a row; two samples of different origin do not have so many in common
_LEAST_DIFFERENT = 8  # else it is silence, or a square wave


def main(one: Path, other: Path) -> None:
    """Print how many samples of `one` are in `other`."""
    where = _values(other).tobytes()
    samples = list(_told(one))
    shared = sum(any(where.find(part.tobytes()) >= 0 for part in parts) for parts in samples)
    print(f"{shared} of {len(samples)} samples of {one.name} are in {other.name}")


def _told(soundfont: Path) -> Iterator[list[np.ndarray]]:
    """Of each sample, a few values from places that tell it from others."""
    values = _values(soundfont)
    for first, last in read_hydra(soundfont)["shdr"]["span"][:-1, :2]:
        sample = values[first:last].astype(int)
        places = (int(np.abs(sample).argmax()), len(sample) // 2, len(sample) // 4)
        parts = [values[first + place : first + place + _TAKEN] for place in places]
        telling = [part for part in parts if len(np.unique(part)) >= _LEAST_DIFFERENT]
        if telling:
            yield telling


def _values(soundfont: Path) -> np.ndarray:
    content = soundfont.read_bytes()
    start = content.index(b"smpl") + 8
    size = int.from_bytes(content[start - 4 : start], "little")
    return np.frombuffer(content[start : start + size], "<i2")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
