"""Rendered mixes on one core: how long the corpus of 5,000 + 1,500 excerpts takes.

Comes in: nothing. Goes out: a table. Mixes of each split are rendered and written by one process,
which has its SoundFonts loaded; what counts is its own processor time, so that other work on the
machine does not enter.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before libfluidsynth loads

import tempfile
import time
from pathlib import Path

from common import table
from timbrespace.rendering.mixes import MixSettings, fonts_of_splits
from timbrespace.rendering.mixes.corpus import render_job
from timbrespace.rendering.mixes.files import MixFolder, MixJob
from timbrespace.rendering.mixes.mix import MixPlan

N_LOADED, N_TIMED = 60, 100  # mixes before and while time is taken
WANTED = {"train": 5_000, "test": 1_500}


def measure() -> str:
    """The section of docs/benchmarks.md."""
    plan = MixPlan(
        settings=MixSettings(),
        fonts=fonts_of_splits(),
        midi={"train": (), "valid": (), "test": ()},
    )
    spent_s = {split: _seconds_of_a_mix(split, plan) for split in WANTED}
    rows = [[split, f"{1 / spent_s[split]:.1f}"] for split in WANTED]
    minutes = sum(count * spent_s[split] for split, count in WANTED.items()) / 60
    return (
        "## Rendered mixes\n\n`python benchmarks/mixes.py`: mixes of 3 s (train) and 5 to 20 s "
        f"(test), one to five instruments. 5,000 and 1,500 of them take {minutes:.1f} minutes of "
        f"one core.\n\n{table(['split', 'mixes/s per core'], rows)}"
    )


def _seconds_of_a_mix(split: str, plan: MixPlan) -> float:
    with tempfile.TemporaryDirectory() as place:
        folder = MixFolder(Path(place))
        folder.mix(split, "any").parent.mkdir()
        (folder.root / ".render").mkdir()
        render_job(MixJob(split=split, numbers=range(N_LOADED)), plan, folder)
        start_s = time.process_time()
        numbers = range(N_LOADED, N_LOADED + N_TIMED)
        render_job(MixJob(split=split, numbers=numbers), plan, folder)
        return (time.process_time() - start_s) / N_TIMED


if __name__ == "__main__":
    print(measure())
