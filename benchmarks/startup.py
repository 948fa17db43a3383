"""How long `timbrespace --help` takes. Comes in: nothing. Goes out: the median of ten runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time


def measure() -> str:
    """The section of docs/benchmarks.md."""
    lines = [
        f"`timbrespace {' '.join(words)}` answers in {_seconds(words):.2f} s"
        for words in (["--help"], ["embed", "--help"], ["verify", "--help"])
    ]
    return (
        "## Start-up\n\n`python benchmarks/startup.py`, medians of ten: " + "; ".join(lines) + "."
    )


def _seconds(words: list[str]) -> float:
    times = []
    for _ in range(10):
        start = time.perf_counter()
        command = [sys.executable, "-m", "timbrespace", *words]
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    print(measure())
