"""Embeddings that any other system made, read into the embeddings table.

Comes in: a file of one of three kinds. Goes out: a table as `timbrespace.embeddings` describes it,
in the order of the file.

- .parquet: the manifest's columns and `embedding`, a list of numbers in each row.
- .npz: the array `embeddings` (rows, dimensions) and one-dimensional arrays named as columns.
- .csv: a header of column names; the vectors in columns `e0`, `e1`, …, or as an array (rows,
  dimensions) in a .npy file beside it with the same stem.

`id` is needed, every other column may be absent: then it is null, but `path` is the id. Columns
that the manifest does not know are left out; empty text and NaN are null. Nothing is unpickled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, is_zipfile

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from timbrespace.embeddings import embeddings_table, encoder_of, is_number, vectors_of
from timbrespace.errors import InputError
from timbrespace.manifest import MANIFEST_SCHEMA, read_parquet

Matrix = npt.NDArray[Any]


def read_any_embeddings(path: Path) -> pa.Table:
    """Read embeddings from .parquet, .npz or .csv, checked as our own are.

    Args:
        path: the file; what names no encoder keeps an empty encoder name and hash.

    Raises:
        InputError: the file is missing, of another kind or unreadable, a column is missing or
            holds the wrong type, rows and vectors differ in number, an id stands twice, or a
            vector is not finite or all zero. The message opens with the path.
    """
    readers: dict[str, Callable[[Path], tuple[pa.Table, Matrix]]] = {
        ".parquet": _read_parquet,
        ".npz": _read_npz,
        ".csv": _read_csv,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path}: embeddings are read from {', '.join(readers)} files.")
    if not path.is_file():
        raise InputError(f"{path}: no such file.")
    try:
        columns, vectors = reader(path)
        return _joined(columns, vectors)
    except InputError as fault:
        message = str(fault).removeprefix(f"{path}: ")
        raise InputError(f"{path}: {message}") from fault


def _joined(columns: pa.Table, vectors: Matrix) -> pa.Table:
    if "id" not in columns.column_names:
        raise InputError(f"no column 'id', which names each row; found {columns.column_names}.")
    if not columns.num_rows:
        raise InputError("no rows; expected one for each sound.")
    known = {
        field.name: _column(columns[field.name], field)
        for field in MANIFEST_SCHEMA
        if field.name in columns.column_names
    }
    known["path"] = pc.coalesce(known.get("path", known["id"]), known["id"])
    name, content_hash = encoder_of(columns)
    return embeddings_table(pa.table(known), vectors, encoder_name=name, encoder_hash=content_hash)


def _column(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    try:
        cast = column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise InputError(
            f"column {field.name!r} must hold {field.type}, it holds {column.type} ({fault})."
        ) from fault
    if pa.types.is_string(field.type):
        return pc.if_else(pc.equal(cast, ""), None, cast)
    return cast


def _read_parquet(path: Path) -> tuple[pa.Table, Matrix]:
    table = read_parquet(path)
    if "embedding" not in table.column_names:
        raise InputError(f"no column 'embedding'; found {table.column_names}.")
    return table, vectors_of(table)


def _read_npz(path: Path) -> tuple[pa.Table, Matrix]:
    arrays = dict(_arrays(path))
    if "embeddings" not in arrays:
        raise InputError(f"no array 'embeddings' (rows, dimensions); found {sorted(arrays)}.")
    vectors = _matrix(arrays.pop("embeddings"), "array 'embeddings'")
    for name, array in arrays.items():
        if array.shape != vectors.shape[:1]:
            raise InputError(
                f"array {name!r} has shape {array.shape}; the {len(vectors)} rows of 'embeddings' "
                "need one value each."
            )
    columns = {name: pa.array(array, from_pandas=True) for name, array in arrays.items()}
    return pa.table(columns), vectors


def _read_csv(path: Path) -> tuple[pa.Table, Matrix]:
    text = {field.name: pa.string() for field in MANIFEST_SCHEMA if field.type == pa.string()}
    options = pyarrow.csv.ConvertOptions(
        column_types=text, null_values=[""], strings_can_be_null=True
    )
    try:
        table = pyarrow.csv.read_csv(path, convert_options=options)
    except (pa.ArrowInvalid, OSError) as fault:
        raise InputError(f"not a readable CSV table ({fault}).") from fault
    if "e0" in table.column_names:
        return table, _numbered_columns(table)
    beside = path.with_suffix(".npy")
    if not beside.is_file():
        raise InputError(
            f"no vectors: expected columns e0, e1, … or a file {beside.name} beside it; found "
            f"columns {table.column_names}."
        )
    return table, _matrix(_arrays(beside)[""], beside.name)


def _numbered_columns(table: pa.Table) -> Matrix:
    numbered = [name for name in table.column_names if name[0:1] == "e" and name[1:].isdigit()]
    names = [f"e{k}" for k in range(len(numbered))]
    missing = sorted(set(names) - set(numbered))
    if missing:
        raise InputError(f"columns e0, e1, … must be complete; {missing[:5]} missing.")
    return np.stack([_numbers(table[name], name) for name in names], axis=1)


def _numbers(column: pa.ChunkedArray, name: str) -> Matrix:
    """A column of a vector's numbers; an empty cell is NaN."""
    if not (is_number(column.type) or pa.types.is_null(column.type)):
        raise InputError(f"column {name!r} must hold numbers, it holds {column.type}.")
    return np.asarray(column.cast(pa.float32()).to_numpy())


def _arrays(path: Path) -> Mapping[str, Matrix]:
    """Arrays of a NumPy file by name; "" is that of a .npy file."""
    try:
        _check_sizes(path)
        loaded = np.load(path, allow_pickle=False)
        return {"": loaded} if isinstance(loaded, np.ndarray) else dict(loaded)
    except (ValueError, OSError, EOFError, BadZipFile) as fault:
        raise InputError(
            f"not a readable NumPy file ({fault}); keep text as dtype=str, not as objects."
        ) from fault


def _check_sizes(path: Path) -> None:
    """Check that arrays are as long as they say, before memory is taken for what they say."""
    if not is_zipfile(path):
        with path.open("rb") as file:
            _check_size(file, path.stat().st_size)
        return
    with ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as file:
                _check_size(file, member.file_size)


def _check_size(file: IO[bytes], n_bytes: int) -> None:
    reader = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(np.lib.format.read_magic(file))
    if reader is None:
        raise ValueError("an array's header is of an unknown version")
    shape, _, dtype = reader(file)
    if not dtype.hasobject and prod(shape) * dtype.itemsize > n_bytes:
        raise ValueError(f"an array says its shape is {shape}, but holds {n_bytes:,} bytes")


def _matrix(array: Matrix, name: str) -> Matrix:
    if array.ndim != 2 or array.dtype.kind not in "fiu":
        raise InputError(
            f"{name} must be numbers (rows, dimensions); it has shape {array.shape} and type "
            f"{array.dtype}."
        )
    return array
