"""Embeddings of several systems, read to be compared.

Comes in: files. Goes out: one table for each, in the order of its ids, by the system's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from timbrespace.embeddings import encoder_of
from timbrespace.evaluation.foreign import read_any_embeddings
from timbrespace.evaluation.tables import rows_of_split


def read_systems(paths: Sequence[Path], *, split: str = "") -> dict[str, pa.Table]:
    """Tables by the name of their encoder, or of their file where it says none.

    Where two systems have one name, all are called by the paths of their files.

    Args:
        paths: as `timbrespace.evaluation.foreign.read_any_embeddings` takes them.
        split: take only the rows of this split; all if empty.

    Raises:
        InputError: a file cannot be used, or has no row in the split.
    """
    tables = [read_any_embeddings(path) for path in paths]
    names = [encoder_of(table)[0] or path.stem for table, path in zip(tables, paths, strict=True)]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    kept = [rows_of_split(table, split) if split else table for table in tables]
    return {name: table.sort_by("id") for name, table in zip(names, kept, strict=True)}
