"""The embeddings table: the manifest's columns plus one vector per sound.

Comes in: a manifest and an array, or a Parquet file of anyone's. Goes out: a `pyarrow.Table` whose
column `embedding` is a fixed-size list of float32, with the encoder's name and content hash in the
schema's metadata, so that vectors of two encoders are never mixed unseen.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.errors import InputError
from timbrespace.manifest import check_manifest, read_parquet, write_parquet

Vectors = npt.NDArray[np.float32]

_NAME_KEY = b"timbrespace.encoder_name"
_HASH_KEY = b"timbrespace.encoder_hash"


def embeddings_table(
    manifest: pa.Table, vectors: npt.ArrayLike, *, encoder_name: str, encoder_hash: str
) -> pa.Table:
    """Join a manifest and its vectors.

    Args:
        manifest: n rows.
        vectors: (n, dimensions), any float type; kept as float32.
        encoder_name: what made the vectors, for people.
        encoder_hash: what made the vectors, for machines: equal hashes, comparable vectors.

    Raises:
        InputError: the shapes differ, or vectors hold anything but real numbers, or one is not
            finite or all zero.

    Example:
        >>> from timbrespace.manifest import manifest_from_rows
        >>> rows = manifest_from_rows([{"id": "a", "path": "a.wav"}])
        >>> table = embeddings_table(rows, [[0.6, 0.8]], encoder_name="toy", encoder_hash="0")
        >>> vectors_of(table)
        array([[0.6, 0.8]], dtype=float32)
    """
    array = _float32(vectors)
    if array.ndim != 2 or array.shape[0] != manifest.num_rows or array.shape[1] == 0:
        raise InputError(
            f"vectors must be (rows, dimensions) with {manifest.num_rows} rows, "
            f"one for each row of the manifest; got shape {array.shape}."
        )
    column = pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), array.shape[1])
    table = check_manifest(manifest).append_column("embedding", column)
    table = table.replace_schema_metadata(
        {_NAME_KEY: encoder_name.encode(), _HASH_KEY: encoder_hash.encode()}
    )
    return check_embeddings(table)


def check_embeddings(table: pa.Table) -> pa.Table:
    """Return `table` if it is an embeddings table.

    Raises:
        InputError: the column `embedding` is missing or holds lists of unequal length, or a row is
            empty, not finite or all zero (the message names the first ids).
    """
    if "embedding" not in table.column_names:
        raise InputError(
            f"an embeddings table needs a column 'embedding'; columns are {table.column_names}."
        )
    vectors = vectors_of(table)
    bad = ~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)
    if bad.any():
        ids = table["id"].take(pa.array(np.flatnonzero(bad)[:5])).to_pylist()
        raise InputError(
            f"{int(bad.sum())} embeddings are not finite or all zero, first ids {ids}; "
            "drop these rows or embed them again."
        )
    return table


def vectors_of(table: pa.Table) -> Vectors:
    """The vectors of an embeddings table; (rows, dimensions) float32.

    Raises:
        InputError: rows are empty, hold anything but numbers, or their lengths differ.
    """
    column = pa.concat_arrays(
        table["embedding"].chunks or [pa.array([], pa.list_(pa.float32(), 1))]
    )
    is_list = pa.types.is_fixed_size_list(column.type) or pa.types.is_list(column.type)
    if not (is_list and is_number(column.type.value_type)):
        raise InputError(f"column 'embedding' must hold lists of numbers, it is {column.type}.")
    lengths = set(column.value_lengths().to_pylist())
    if len(lengths) > 1 or None in lengths:
        raise InputError(
            f"embeddings must all have the same length; found {sorted(map(str, lengths))[:5]}."
        )
    values = column.flatten().cast(pa.float32()).to_numpy(zero_copy_only=False)
    dimensions = lengths.pop() if lengths else getattr(column.type, "list_size", 0)
    return np.asarray(values, dtype=np.float32).reshape(len(column), dimensions)


def is_number(kind: pa.DataType) -> bool:
    """Whether values of a type are real numbers; true and false are none."""
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _float32(vectors: npt.ArrayLike) -> Vectors:
    try:
        array = np.asarray(vectors)
    except ValueError as fault:
        raise InputError("vectors must all have the same length.") from fault
    if array.dtype.kind not in "fiu":
        raise InputError(f"vectors must hold real numbers, they hold {array.dtype}.")
    with np.errstate(over="ignore"):  # what is too large is infinite, which is refused by its id
        return np.ascontiguousarray(array, dtype=np.float32)


def encoder_of(table: pa.Table) -> tuple[str, str]:
    """Name and content hash of the encoder that made the table; empty where it does not say."""
    metadata = table.schema.metadata or {}
    return metadata.get(_NAME_KEY, b"").decode(), metadata.get(_HASH_KEY, b"").decode()


def write_embeddings(table: pa.Table, path: Path) -> None:
    """Check the table and write it to a Parquet file, whole or not at all."""
    write_parquet(check_embeddings(table), path)


def read_embeddings(path: Path) -> pa.Table:
    """Read an embeddings table: the manifest's columns, then `embedding`.

    Raises:
        InputError: the file cannot be read, or fails `check_manifest` or `check_embeddings`.
    """
    table = read_parquet(path)
    if "embedding" not in table.column_names:
        raise InputError(f"{path}: no column 'embedding'; columns are {table.column_names}.")
    manifest = check_manifest(table)
    joined = manifest.append_column("embedding", table["embedding"])
    return check_embeddings(joined.replace_schema_metadata(table.schema.metadata))
