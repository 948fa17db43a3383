"""Verification on one thread, against scikit-learn's cosines and ROC on the same trials.

Comes in: nothing, vectors are drawn. Goes out: milliseconds of one draw, the ratio to the
exhaustive protocol, how far the equal error rates are apart, and peak memory.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before NumPy loads

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_curve
from sklearn.metrics.pairwise import cosine_similarity

from common import in_turns, median, table, worker
from timbrespace.evaluation import nearest_neighbour_accuracy, verify
from timbrespace.evaluation.protocols import exhaustive_scores

Vectors = npt.NDArray[np.float32]
Codes = npt.NDArray[np.intp]

SYSTEMS = ("exhaustive", "paper", "neighbours", "scikit-learn")
DIMENSIONS = 512
ENROLMENT_NOTES = 5


def measure() -> str:
    """The section of docs/benchmarks.md."""
    results = in_turns("verification.py", {name: (name, 4096, 53, 9) for name in SYSTEMS})
    times_ms = {name: median(found, "ms") for name, found in results.items()}
    rows = [
        [name, f"{ms:.1f}", f"{ms / times_ms['exhaustive']:.2f}"] for name, ms in times_ms.items()
    ]
    ours, theirs = (results[name][0]["value"] for name in ("exhaustive", "scikit-learn"))
    large = worker("verification.py", "exhaustive", 100_000, 1000, 1)
    bootstrap = worker("verification.py", "bootstrap", 4096, 53, 3)
    return (
        "## Verification\n\n`python benchmarks/verification.py`: 4,096 notes × 512, 53 "
        "instruments, one draw, one thread, medians of three rounds in turns. scikit-learn is "
        "`cosine_similarity` and `roc_curve` in float32.\n\n"
        + table(["system", "ms", "× exhaustive"], rows)
        + f"\n\nEER {ours:.6f}; scikit-learn's nearest threshold, without the convex hull, differs "
        f"by {theirs - ours:+.1e}. 100,000 notes and 1,000 instruments: "
        f"{large['ms'] / 1000:.0f} s, {large['peak_gib']:.1f} GiB in all. The interval over "
        f"instruments (1,000 draws of the 53) adds {bootstrap['ms'] - times_ms['exhaustive']:.0f} "
        "ms."
    )


def work(system: str, n_notes: int, n_instruments: int, rounds: int) -> dict[str, float]:
    """Median milliseconds of one system in this process, after one round to warm up."""
    vectors, codes = drawn_notes(n_notes, n_instruments)
    labels = codes.astype(str)
    enrolled = enrolled_notes(codes)
    runs: dict[str, Callable[[], float]] = {
        "exhaustive": lambda: verify(vectors, labels, repeats=1).eer,
        "paper": lambda: verify(vectors, labels, protocol="paper", repeats=1).eer,
        "bootstrap": lambda: verify(vectors, labels, repeats=1, n_resamples=1000).eer,
        "neighbours": lambda: nearest_neighbour_accuracy(vectors, labels),
        "scikit-learn": lambda: plain_eer(vectors, codes, enrolled),
    }
    value = runs[system]()
    times_s = []
    for _ in range(rounds):
        start_s = time.perf_counter()
        runs[system]()
        times_s.append(time.perf_counter() - start_s)
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"ms": 1e3 * statistics.median(times_s), "value": value, "peak_gib": peak_gib}


def drawn_notes(n_notes: int, n_instruments: int) -> tuple[Vectors, Codes]:
    """Notes scattered around their instruments, so that some trials go wrong."""
    rng = np.random.default_rng(0)
    codes = np.arange(n_notes) % n_instruments
    centres = 0.3 * rng.standard_normal((n_instruments, DIMENSIONS), dtype=np.float32)
    notes = rng.standard_normal((n_notes, DIMENSIONS), dtype=np.float32)
    return notes + centres[codes], codes


def enrolled_notes(codes: Codes) -> npt.NDArray[np.bool_]:
    """The notes that the first draw of `verify` enrols."""
    draw = np.random.default_rng(0).spawn(1)[0]
    scores = exhaustive_scores(
        np.ones((codes.size, 1)), codes, enrolment_notes=ENROLMENT_NOTES, rng=draw
    )
    return np.isnan(scores[:, 0])


def plain_eer(vectors: Vectors, codes: Codes, enrolled: npt.NDArray[np.bool_]) -> float:
    """EER from every point of scikit-learn's ROC, at the threshold with the nearest errors."""
    instruments = np.unique(codes)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    means = np.stack([unit[enrolled & (codes == code)].mean(axis=0) for code in instruments])
    scores = cosine_similarity(unit[~enrolled], means)
    is_target = codes[~enrolled][:, None] == instruments
    p_fa, p_hit, _ = roc_curve(is_target.ravel(), scores.ravel(), drop_intermediate=False)
    nearest = np.abs(1 - p_hit - p_fa).argmin()
    return float((1 - p_hit[nearest] + p_fa[nearest]) / 2)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    else:
        print(json.dumps(work(sys.argv[1], *map(int, sys.argv[2:]))))
