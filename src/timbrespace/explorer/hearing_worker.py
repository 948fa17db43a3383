"""The process that hears sounds of strangers: decode, describe, embed, name.

Comes in: paths. Goes out: what was heard of each. The process may take so much memory and no more,
and write no file; who started it ends it when it takes too long.
"""

from __future__ import annotations

import base64
import json
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from timbrespace.errors import TimbrespaceError
from timbrespace.explorer.workers import answer, messages

_MOST_FILES = 256


def hear_on_demand(library: Path, most_bytes: int, asked: Connection) -> None:
    """Body of the process.

    Args:
        library: folder of the library whose encoder hears.
        most_bytes: memory beyond what the encoder takes.
        asked: gives paths, takes answers; its end is the process's end.
    """
    try:
        hear = hearing(library)
    except TimbrespaceError as fault:
        answer(asked, {"fault": str(fault)})
        return
    limit_resources(most_bytes)
    answer(asked, {"ready": True})
    for message in messages(asked):
        answer(asked, _heard(hear, Path(message["path"])))


def hearing(library: Path) -> Callable[[Path], dict[str, Any]]:
    """A function that says all that is known of one file, ready for JSON.

    Raises:
        InputError: there is no library, or its encoder is not at hand.
    """
    from timbrespace.library import Library
    from timbrespace.library.hearing import hear_sound
    from timbrespace.models import embed_waveforms

    opened = Library.open(library, writable=False)
    encoder = opened.encoder

    def hear(path: Path) -> dict[str, Any]:
        sound = hear_sound(path, encoder.sample_rate_hz)
        vectors = embed_waveforms(encoder, [sound.note])
        (names,) = opened.names(vectors)
        described = sound.descriptors
        return {
            "vector": base64.b64encode(vectors[0].astype("<f4").tobytes()).decode(),
            "duration_s": sound.duration_s,
            "pitch_midi": described.pitch_midi,
            "brightness_hz": described.brightness_hz,
            "envelope": list(described.envelope),
            "waveform": np.frombuffer(described.waveform, np.int8).tolist(),
            "family": _pairs(names.family, names.family_probability),
            "source": _pairs(names.source, names.source_probability),
            "nearest": json.loads(names.nearest) if names.nearest else [],
        }

    return hear


def limit_resources(most_bytes: int) -> None:
    """Hold this process to its present memory and `most_bytes` more, and to no written file."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        present = int(statm.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (present + most_bytes, present + most_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_files == resource.RLIM_INFINITY or most_files > _MOST_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_FILES, _MOST_FILES))


def _heard(hear: Callable[[Path], dict[str, Any]], path: Path) -> dict[str, Any]:
    try:
        return hear(path)
    except TimbrespaceError as fault:
        return {"fault": str(fault).removeprefix(f"{path}: ")}
    except MemoryError:
        return {"fault": "takes too much memory to decode."}


def _pairs(name: str | None, probability: float | None) -> list[list[Any]]:
    return [] if name is None else [[name, probability]]
