"""The index of a large library's vectors: a graph (HNSW) that finds neighbours without reading all.

Comes in: the catalogue and its matrix. Goes out: a file beside them, made above 300,000 sounds,
mapped from disk when it is asked. Slots are never used twice, so what the index holds stays right;
slots of sounds that are gone are passed over by whoever looks up the rows.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from usearch.index import Index

from timbrespace.library.catalogue import Catalogue
from timbrespace.library.similarity import Matrix, Scores

INDEXED_FROM = 300_000
MOST_NEIGHBOURS = 4096

_CONNECTIVITY = 16
_EXPANSION_ADD, _EXPANSION_SEARCH = 96, 256
_BLOCK_ROWS = 1 << 14

Slots = npt.NDArray[np.int64]


def refresh(catalogue: Catalogue, vectors: Matrix, *, least_sounds: int = INDEXED_FROM) -> None:
    """Bring the index up to date: only new sounds are added; nothing is done in a small library.

    The file is replaced whole, so a search beside it reads the old one or the new one.

    Args:
        catalogue: open for writing, by the only writer.
        vectors: the matrix; (slots, dimensions).
        least_sounds: sounds from which on an index pays.
    """
    n_sounds = catalogue.execute("SELECT count(*) FROM sounds").fetchone()[0]
    file = _file(catalogue)
    if file is None or n_sounds < least_sounds:
        return
    index = _empty(vectors.shape[1])
    known = -1
    if file.is_file():
        index.load(file)
        known = int(catalogue.meta(_last_slot(file)) or -1)
    rows = catalogue.execute("SELECT slot FROM sounds WHERE slot > ? ORDER BY slot", [known])
    n_known = len(index)
    while found := rows.fetchmany(_BLOCK_ROWS):
        slots = np.array(found, np.int64)[:, 0]
        index.add(slots, vectors[slots], copy=True)
        known = int(slots[-1])
    if len(index) > n_known:
        fresh = file.with_suffix(".new")
        index.save(fresh)
        fresh.replace(file)
        catalogue.set_meta(_last_slot(file), str(known))


def neighbours(catalogue: Catalogue, wanted: Scores, n: int) -> Slots | None:
    """Slots of about the nearest vectors, in no order; None if there is no index.

    Args:
        catalogue: of the library.
        wanted: a unit vector; (dimensions,).
        n: how many, at most 4,096.

    Returns:
        (n,) or fewer.
    """
    file = _file(catalogue)
    if file is None or not file.is_file():
        return None
    status = file.stat()
    index = _opened(file, status.st_mtime_ns, status.st_size, wanted.size)
    return np.unique(index.search(wanted.astype(np.float16), n).keys.astype(np.int64))


@lru_cache(maxsize=4)
def _opened(file: Path, mtime_ns: int, size: int, dimensions: int) -> Index:
    """The index mapped from disk; its time and size tell when it was replaced."""
    index = _empty(dimensions)
    index.view(file)
    return index


def _empty(dimensions: int) -> Index:
    return Index(
        ndim=dimensions,
        metric="ip",  # of unit vectors, the cosine
        dtype="f16",
        connectivity=_CONNECTIVITY,
        expansion_add=_EXPANSION_ADD,
        expansion_search=_EXPANSION_SEARCH,
        enable_key_lookups=False,  # a table of all keys would have to be made at each opening
    )


def _file(catalogue: Catalogue) -> Path | None:
    encoder_hash = catalogue.meta("encoder_hash")
    return None if encoder_hash is None else catalogue.folder / f"index-{encoder_hash[:16]}.usearch"


def _last_slot(file: Path) -> str:
    return f"{file.stem}_last_slot"
