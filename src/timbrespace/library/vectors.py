"""The matrix of a library on disk: row i is the vector of slot i, little-endian float16, C order.

Comes in: vectors and the slot of the first. Goes out: the matrix, mapped from disk. A slot is
written once and never again, so a map stays right while others write behind its end.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.embeddings import Vectors
from timbrespace.errors import InputError

Matrix = npt.NDArray[np.float16]

_TYPE: np.dtype[Any] = np.dtype("<f2")


class VectorFile:
    """The vectors of one encoder.

    Args:
        folder: the library's folder.
        encoder_hash: content hash of what made the vectors; the file is named by it.
        dimensions: values of each vector.
    """

    def __init__(self, folder: Path, encoder_hash: str, dimensions: int) -> None:
        self._file = folder / f"vectors-{encoder_hash[:16]}.f16"
        self._dimensions = dimensions
        self._row_bytes = dimensions * _TYPE.itemsize

    def write(self, slot: int, vectors: Vectors) -> None:
        """Write rows from `slot` on, and have them on the disk.

        Args:
            slot: the first; what is behind it is left of a run that was stopped.
            vectors: (n, dimensions), values that float16 can hold.
        """
        self._file.touch()
        with self._file.open("r+b") as file:
            file.seek(slot * self._row_bytes)
            file.write(np.ascontiguousarray(vectors, _TYPE).tobytes())
            file.flush()
            os.fsync(file.fileno())

    def read(self, n_slots: int) -> Matrix:
        """The first `n_slots` rows; (n_slots, dimensions), mapped from disk, read-only.

        Raises:
            InputError: the file is missing or has fewer rows.
        """
        if not n_slots:
            return np.empty((0, self._dimensions), _TYPE)
        status = self._file.stat() if self._file.is_file() else None
        n_bytes = status.st_size if status else 0
        if status is None or n_bytes < n_slots * self._row_bytes:
            raise InputError(
                f"{self._file}: the catalogue counts {n_slots} vectors, this file holds "
                f"{n_bytes // self._row_bytes}; copy the library's folder again, whole."
            )
        return _mapped(self._file, status.st_ino, n_slots, self._dimensions)


@lru_cache(maxsize=4)
def _mapped(file: Path, inode: int, n_slots: int, dimensions: int) -> Matrix:
    """The map, kept: a new one for each search would have to find all its pages again."""
    return np.memmap(file, _TYPE, mode="r", shape=(n_slots, dimensions))
