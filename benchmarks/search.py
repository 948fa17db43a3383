"""Search in libraries of drawn vectors: 100,000 sounds compared exactly, a million by the index.

Comes in: nothing. Goes out: milliseconds a query of the whole search (vectors, filters and rows of
the catalogue) and of plain NumPy on the vectors alone, recall against exact float64 search, the
time to open a library, and the memory of a process that searches.

Vectors are drawn to be like those of the encoder that ships: sounds lie in clusters (instruments),
85 % of the variance in 20 of 128 directions, the nearest neighbour at a cosine of about 0.9.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from common import median, table, worker
from timbrespace.library import Library
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.index import refresh
from timbrespace.library.query import Query
from timbrespace.library.vectors import VectorFile

DIMENSIONS, N_CLUSTERS, N_QUERIES, ROUNDS = 128, 4000, 50, 3
SIZES = (100_000, 1_000_000)
_HASH = "0123456789abcdef" * 2
_BLOCK = 50_000
_SYSTEMS = {
    "exact": "search, no index",
    "index": "search, index",
    "float32": "NumPy, float32 in memory",
    "float16": "NumPy, float16 from disk in blocks",
}


def measure() -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            folder = Path(name) / str(size)
            built = worker("search.py", "build", folder, size)
            systems = [each for each in _SYSTEMS if each != "index" or built["index_s"]]
            found: dict[str, list[dict[str, float]]] = {each: [] for each in systems}
            for _ in range(ROUNDS):
                for each in systems:
                    found[each].append(worker("search.py", each, folder))
            plain = median(found["float32"], "ms")
            for each in systems:
                speed = median(found[each], "ms")
                recall = min(result["recall"] for result in found[each])
                rows.append(
                    [
                        f"{size:,}",
                        _SYSTEMS[each],
                        f"{speed:.2f}",
                        f"{max(result['worst_ms'] for result in found[each]):.2f}",
                        f"{speed / plain:.2f}",
                        f"{recall:.4f}",
                        f"{median(found[each], 'open_ms'):.1f}",
                        f"{median(found[each], 'anonymous_mib'):.0f} MiB",
                    ]
                )
    header = ["sounds", "system", "ms a query", "slowest", "× NumPy float32", "recall@10"]
    header += ["to open, ms", "memory of its own"]
    return (
        f"## Search in a library\n\n`python benchmarks/search.py`: drawn vectors of {DIMENSIONS} "
        f"dimensions, medians of {ROUNDS} rounds of {N_QUERIES} queries in turns, each a process "
        "of its own on one thread. Ours count the rows of the catalogue too, NumPy the vectors "
        "only. Memory of its own is what a process does not share with the disk's cache. "
        f"{built['index_s']:.0f} s went into the index of a million, once.\n\n"
        + table(header, rows)
    )


def drawn_vectors(n: int, *, seed: int = 0) -> Iterator[npt.NDArray[np.float32]]:
    """Blocks of unit vectors, (up to 50,000, 128)."""
    rng = np.random.default_rng(0)
    spread = (np.arange(DIMENSIONS) + 3.0) ** -0.8
    rotation, _ = np.linalg.qr(rng.standard_normal((DIMENSIONS, DIMENSIONS)))
    middle = rng.standard_normal(DIMENSIONS)
    middle *= 0.55 * np.linalg.norm(spread) / np.linalg.norm(middle)
    centres = middle + rng.standard_normal((N_CLUSTERS, DIMENSIONS)) * spread
    rng = np.random.default_rng(seed)
    for start in range(0, n, _BLOCK):
        size = min(_BLOCK, n - start)
        cluster = rng.integers(N_CLUSTERS, size=size)
        noise = 0.7 * rng.standard_normal((size, DIMENSIONS)) * spread
        vectors = ((centres[cluster] + noise) @ rotation).astype(np.float32)
        yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def build(folder: Path, size: int) -> dict[str, float]:
    """A library of drawn sounds, its index and the exact answers to the queries."""
    catalogue = Catalogue(folder)
    matrix = VectorFile(folder, _HASH, DIMENSIONS)
    facts = {"encoder_name": "drawn", "encoder_hash": _HASH, "dimensions": str(DIMENSIONS)}
    with catalogue.transaction():
        for key, value in {**facts, "next_slot": str(size)}.items():
            catalogue.set_meta(key, value)
    queries = np.concatenate(list(drawn_vectors(N_QUERIES, seed=1)))
    best = np.empty((N_QUERIES, 0)), np.empty((N_QUERIES, 0), int)
    start = 0
    for vectors in drawn_vectors(size):
        matrix.write(start, vectors)
        _write_rows(catalogue, range(start, start + len(vectors)))
        scores = np.c_[best[0], queries.astype(np.float64) @ vectors.T.astype(np.float64)]
        slots = np.c_[best[1], np.tile(np.arange(start, start + len(vectors)), (N_QUERIES, 1))]
        order = np.argsort(-scores, axis=1)[:, :10]
        best = np.take_along_axis(scores, order, 1), np.take_along_axis(slots, order, 1)
        start += len(vectors)
    np.savez(folder / "queries.npz", queries=queries, answers=best[1])
    begin = time.perf_counter()
    refresh(catalogue, matrix.read(size))
    has_index = any(folder.glob("index-*"))
    return {"index_s": time.perf_counter() - begin if has_index else 0.0}


def work(system: str, folder: Path) -> dict[str, float]:
    """Speed and recall of one system in this process."""
    begin = time.perf_counter()
    library = Library.open(folder, writable=False)
    vectors = library.vectors
    open_ms = 1e3 * (time.perf_counter() - begin)
    if system == "exact":
        _hide_index()
    kept = np.load(folder / "queries.npz")
    answer = _answerer(system, library, vectors)
    answer(kept["queries"][0])
    times_ms, right = [], 0
    for query, expected in zip(kept["queries"], kept["answers"], strict=True):
        begin = time.perf_counter()
        found = answer(query)
        times_ms.append(1e3 * (time.perf_counter() - begin))
        right += len(set(found) & set(expected.tolist()))
    return {
        "ms": float(np.median(times_ms)),
        "worst_ms": max(times_ms),
        "recall": right / (10 * len(times_ms)),
        "open_ms": open_ms,
        "anonymous_mib": _anonymous_mib(),
    }


def _answerer(
    system: str, library: Library, vectors: npt.NDArray[np.float16]
) -> Callable[[npt.NDArray[np.float32]], list[int]]:
    """What gives the slots of the ten nearest sounds."""
    if system in ("exact", "index"):
        return lambda query: [  # sound k of the catalogue lies in slot k - 1
            number - 1 for number in library.search(Query(like=[query]), 10)["id"].to_pylist()
        ]
    if system == "float32":
        whole = vectors.astype(np.float32)
        return lambda query: _nearest(whole @ query)

    def in_blocks(query: npt.NDArray[np.float32]) -> list[int]:
        parts = range(0, len(vectors), 4096)
        return _nearest(
            np.concatenate([vectors[k : k + 4096].astype(np.float32) @ query for k in parts])
        )

    return in_blocks


def _nearest(scores: npt.NDArray[np.float32]) -> list[int]:
    return np.argpartition(scores, -10)[-10:].tolist()


def _hide_index() -> None:
    from timbrespace.library import search

    search.neighbours = lambda *arguments: None  # type: ignore[attr-defined,assignment]


def _write_rows(catalogue: Catalogue, slots: range) -> None:
    envelope = bytes(64)
    with catalogue.transaction():
        catalogue.execute_many(
            "INSERT INTO files(id, path, size, mtime_ns, content_hash, status, added_at) "
            "VALUES (?, ?, 1, 1, ?, 'ok', '')",
            ((slot + 1, f"/drawn/{slot}.wav", str(slot)) for slot in slots),
        )
        catalogue.execute_many(
            "INSERT INTO sounds(id, file_id, slot, start_s, duration_s, sample_rate_hz, channels, "
            "pitch_midi, brightness_hz, envelope) VALUES (?, ?, ?, 0, 1, 44100, 1, 60, 1000, ?)",
            ((slot + 1, slot + 1, slot, envelope) for slot in slots),
        )


def _anonymous_mib() -> float:
    """Memory of this process that is no map of a file."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    elif sys.argv[1] == "build":
        print(json.dumps(build(Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
