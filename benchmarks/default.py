"""The encoder that ships: notes from memory, files from disk, the first embedding of a process.

Comes in: nothing. Goes out: medians of three rounds in turns, each in a process of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from common import in_turns, median, table

_NOTES, _NOTE_S, _FILES = 256, 4, 600
_RATE = 16_000
_UNITS = {"memory": "4 s notes/s", "mp3": "MP3 files/s", "first": "s"}


def measure() -> str:
    """The section of docs/benchmarks.md."""
    with tempfile.TemporaryDirectory() as name:
        _write_mp3s(Path(name))
        results = in_turns("default.py", {what: (what, name) for what in _UNITS})
    rows = [
        ["from memory, `embed_waveforms`", _figure(results, "memory")],
        [
            "`timbrespace embed` of 4 s MP3 files at 44.1 kHz, decoding included",
            _figure(results, "mp3"),
        ],
        ["`load_encoder()` and the first embedding, imports included", _figure(results, "first")],
    ]
    return (
        "## The encoder that ships\n\n`python benchmarks/default.py`: medians of three rounds.\n\n"
        + table(["what", "measured"], rows)
    )


def _figure(results: dict[str, list[dict[str, float]]], what: str) -> str:
    return f"{median(results[what], 'figure'):.3g} {_UNITS[what]}"


def work(what: str, folder: Path) -> dict[str, float]:
    """One figure, in this process."""
    return {"figure": {"memory": _memory, "mp3": _mp3, "first": _first}[what](folder)}


def _memory(folder: Path) -> float:
    from timbrespace.models import (
        embed_waveforms,
        keep_freed_memory,
        load_encoder,
        on_quickest_device,
    )

    keep_freed_memory()
    encoder = on_quickest_device(load_encoder())
    rng = np.random.default_rng(0)
    notes = [rng.standard_normal(_NOTE_S * _RATE).astype(np.float32) for _ in range(_NOTES)]
    embed_waveforms(encoder, notes[:16])
    start = time.perf_counter()
    embed_waveforms(encoder, notes)
    return _NOTES / (time.perf_counter() - start)


def _mp3(folder: Path) -> float:
    from timbrespace.cli import main

    out = folder / f"{time.time_ns()}.parquet"
    start = time.perf_counter()
    if main(["embed", str(folder / "mp3"), "--out", str(out)]):
        raise RuntimeError("embed failed")
    return _FILES / (time.perf_counter() - start)


def _first(folder: Path) -> float:
    start = time.perf_counter()
    import timbrespace

    timbrespace.load_encoder().embed(folder / "mp3" / "000.mp3")
    return time.perf_counter() - start


def _write_mp3s(folder: Path) -> None:
    (folder / "mp3").mkdir()
    rng = np.random.default_rng(0)
    time_s = np.arange(_NOTE_S * 44_100) / 44_100
    for number in range(_FILES):
        partials = np.arange(1, 9)[:, None] * 110 * 2 ** rng.uniform(0, 3)
        note = (np.sin(2 * np.pi * partials * time_s) / partials[:, :1]).sum(0) * np.exp(-time_s)
        soundfile.write(folder / "mp3" / f"{number:03}.mp3", 0.1 * note / 2, 44_100)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    else:
        print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
