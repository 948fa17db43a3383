"""Write a library to Parquet, a part at a time, as an embeddings table that any engine can read.

Comes in: a catalogue and its matrix. Goes out: one file: the columns of a manifest, everything else
that is kept of each sound, and `embedding`. A manifest's pitch is a whole number, so the estimate
with its fraction is the column `pitch_estimate_midi`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from timbrespace.embeddings import embeddings_table
from timbrespace.errors import InputError
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.rows import read_pages
from timbrespace.library.vectors import Matrix


def export_rows(
    catalogue: Catalogue, matrix: Matrix, out: Path, *, encoder_name: str, encoder_hash: str
) -> int:
    """Write every sound, by its id; returns how many there are.

    Args:
        catalogue: of the library.
        matrix: its vectors; (slots, dimensions).
        out: a .parquet file; one that is there is replaced when all is written.
        encoder_name: what made the vectors, for people.
        encoder_hash: what made the vectors, for machines.

    Raises:
        InputError: the name does not end in .parquet, or the library is empty.
    """
    if out.suffix != ".parquet":
        raise InputError(f"{out}: the name must end in .parquet.")
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    parts = (_part(page, matrix, encoder_name, encoder_hash) for page in read_pages(catalogue))
    try:
        n_rows = _write(parts, partial)
        if not n_rows:
            raise InputError(f"{catalogue.folder}: the library holds no sound to export.")
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return n_rows


def _write(parts: Iterator[pa.Table], out: Path) -> int:
    writer, n_rows = None, 0
    try:
        for part in parts:
            writer = writer or pq.ParquetWriter(out, part.schema)
            writer.write_table(part)
            n_rows += part.num_rows
    finally:
        if writer:
            writer.close()
    return n_rows


def _part(page: pa.Table, matrix: Matrix, encoder_name: str, encoder_hash: str) -> pa.Table:
    estimate = page["pitch_midi"]
    whole = pc.cast(pc.round(estimate), pa.int32())
    ids = pc.cast(page["id"], pa.string())
    manifest = page.set_column(page.column_names.index("pitch_midi"), "pitch_midi", whole)
    manifest = manifest.set_column(page.column_names.index("id"), "id", ids)
    vectors = matrix[page["slot"].to_numpy()].astype(np.float32)
    table = embeddings_table(
        manifest, vectors, encoder_name=encoder_name, encoder_hash=encoder_hash
    )
    for name in page.column_names:
        if name not in table.column_names and name != "slot":
            table = table.append_column(name, page[name])
    return table.append_column("pitch_estimate_midi", estimate)
