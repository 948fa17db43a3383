"""Probing of drawn embeddings, all tasks and classifiers, on all cores.

Comes in: nothing, vectors are drawn. Goes out: seconds of one split, and the F1 that came of it.
"""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from common import machine, table
from timbrespace.evaluation.probing import probe
from timbrespace.evaluation.probing_classifiers import CLASSIFIERS
from timbrespace.manifest import manifest_from_rows

N_NOTES, DIMENSIONS, N_INSTRUMENTS = 4000, 512, 80
_LABELS = {
    "family": ("string", "reed", "brass", "guitar"),
    "source": ("acoustic", "electronic", "synthetic"),
    "pitch_midi": range(9, 120),
    "velocity": (25, 50, 75, 100, 127),
    "dynamics": ("piano", "mezzo-forte", "forte"),
    "technique": ("normal", "staccato", "vibrato", "tremolo"),
}


def measure() -> str:
    """The section of docs/benchmarks.md."""
    vectors, notes = drawn_notes()
    start_s = time.perf_counter()
    found = probe(vectors, notes, repeats=1)
    wall_s = time.perf_counter() - start_s
    rows = [
        [name, f"{np.mean([m.micro for m in found.means if m.classifier == name]):.2f}"]
        for name in CLASSIFIERS
    ]
    n_probes = len(found.tasks) * len(CLASSIFIERS)
    return (
        f"## Probing\n\n`python benchmarks/probing.py`: {N_NOTES:,} drawn notes × {DIMENSIONS}, "
        f"{len(found.tasks)} tasks × {len(CLASSIFIERS)} classifiers, grids and all, one split: "
        f"{wall_s:.0f} s, {wall_s / n_probes:.1f} s a probe ({machine()}).\n\n"
        + table(["classifier", "mean micro F1"], rows)
    )


def drawn_notes() -> tuple[npt.NDArray[np.float32], pa.Table]:
    """Notes in whose vectors every label is, weakly: classifiers have to work."""
    rng = np.random.default_rng(0)
    instrument = rng.integers(N_INSTRUMENTS, size=N_NOTES)
    codes = {name: rng.integers(len(values), size=N_NOTES) for name, values in _LABELS.items()}
    codes["family"] = instrument % len(_LABELS["family"])
    vectors = rng.standard_normal((N_NOTES, DIMENSIONS), dtype=np.float32)
    for name, values in _LABELS.items():
        vectors += 0.15 * rng.standard_normal((len(values), DIMENSIONS))[codes[name]]
    labels = {name: [values[code] for code in codes[name]] for name, values in _LABELS.items()}
    rows = [
        {
            "id": str(k),
            "path": "drawn",
            "instrument": str(instrument[k]),
            **{name: column[k] for name, column in labels.items()},
        }
        for k in range(N_NOTES)
    ]
    return vectors, manifest_from_rows(rows)


if __name__ == "__main__":
    print(measure())
