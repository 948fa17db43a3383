"""Peak memory of `timbrespace embed` over folders of many files: it must not grow with them.

Comes in: nothing. Goes out: peak resident memory and files a second for 2,500 and 10,000 files.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from common import table, worker
from timbrespace.models import save_encoder
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers


def measure() -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        encoder = build_recipe(recipe_layers("small")).encoder.eval()
        save_encoder(encoder, folder / "encoder", name="small")
        for n_files in (2_500, 10_000):
            _write_files(folder / str(n_files), n_files)
            found = worker("memory.py", folder, n_files)
            rows.append(
                [f"{n_files:,}", f"{found['peak_mib']:.0f} MiB", f"{found['files_per_s']:.0f}"]
            )
    return (
        "## Memory of embedding a folder\n\n`python benchmarks/memory.py`: 2 s WAV files at "
        "44.1 kHz, recipe `small`, the whole command with decoding.\n\n"
        + table(["files", "peak resident memory", "files/s"], rows)
    )


def work(folder: Path, n_files: int) -> dict[str, float]:
    """Run the command in this process and read its peak."""
    from timbrespace.cli import main

    start = time.perf_counter()
    source, out = folder / str(n_files), folder / f"{n_files}.parquet"
    code = main(["embed", str(source), "--encoder", str(folder / "encoder"), "--out", str(out)])
    if code:
        raise RuntimeError(f"embed gave exit code {code}")
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"peak_mib": peak_mib, "files_per_s": n_files / (time.perf_counter() - start)}


def _write_files(folder: Path, n_files: int) -> None:
    folder.mkdir()
    rng = np.random.default_rng(0)
    notes = [rng.uniform(-0.5, 0.5, 88_200).astype(np.float32) for _ in range(10)]
    for number in range(n_files):
        soundfile.write(folder / f"{number:05}.wav", notes[number % 10], 44_100)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    else:
        print(json.dumps(work(Path(sys.argv[1]), int(sys.argv[2]))))
