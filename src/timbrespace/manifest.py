"""The manifest: one Arrow row per sound, the table that every corpus becomes.

Comes in: rows as dictionaries, or a Parquet file. Goes out: a `pyarrow.Table` with the columns of
`MANIFEST_SCHEMA`. What a corpus does not know is null. Times are in seconds from the start of the
file; `duration_s` null means "to the end". `kind` is what an instrument is an example of, whoever
made it, such as "Oboe". Families and sources are NSynth's vocabulary (Engel et al. 2017,
arXiv:1704.01279).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from timbrespace.errors import InputError

FAMILIES = (
    "bass",
    "brass",
    "flute",
    "guitar",
    "keyboard",
    "mallet",
    "organ",
    "reed",
    "string",
    "synth_lead",
    "vocal",
)
SOURCES = ("acoustic", "electronic", "synthetic")
SPLITS = ("train", "valid", "test")

MANIFEST_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("start_s", pa.float64()),
        pa.field("duration_s", pa.float64()),
        pa.field("sample_rate_hz", pa.int32()),
        pa.field("instrument", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("family", pa.string()),
        pa.field("source", pa.string()),
        pa.field("pitch_midi", pa.int32()),
        pa.field("velocity", pa.int32()),
        pa.field("dynamics", pa.string()),
        pa.field("technique", pa.string()),
        pa.field("maker", pa.string()),
        pa.field("split", pa.string()),
        pa.field("labels", pa.list_(pa.string())),
        pa.field("label_mask", pa.list_(pa.bool_())),
    ]
)


def manifest_from_rows(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Build and check a manifest from one mapping per sound.

    Args:
        rows: mappings from column name to value; `id` and `path` are required, what is left out
            becomes null.

    Raises:
        InputError: a key is not a column of the manifest, a name is not UTF-8, or the rows fail
            `check_manifest`.

    Example:
        >>> table = manifest_from_rows([{"id": "a", "path": "a.wav", "family": "reed"}])
        >>> table.num_rows, table["family"].to_pylist()
        (1, ['reed'])
    """
    rows = list(rows)
    known = set(MANIFEST_SCHEMA.names)
    unknown = {key for row in rows for key in row} - known
    if unknown:
        raise InputError(
            f"manifest rows have unknown columns {sorted(unknown)}; known are {sorted(known)}."
        )
    complete = [{name: row.get(name) for name in MANIFEST_SCHEMA.names} for row in rows]
    try:
        return check_manifest(pa.Table.from_pylist(complete, schema=MANIFEST_SCHEMA))
    except UnicodeEncodeError as fault:
        name = ascii(fault.object)
        raise InputError(f"{name} is not UTF-8; rename the file.") from fault


def check_manifest(table: pa.Table) -> pa.Table:
    """Return the manifest's own columns of `table`, in order, after checking what they hold.

    Args:
        table: any table with at least `id` and `path`; columns that are missing become null,
            columns that the manifest does not know are dropped.

    Raises:
        InputError: `id` or `path` is missing or null, a column is of another type, an id stands
            twice, a family, source or split is not in the vocabulary, or an instrument stands in
            two splits.
    """
    missing = {"id", "path"} - set(table.column_names)
    if missing:
        raise InputError(f"a manifest needs the columns id and path; {sorted(missing)} missing.")
    columns = [_column(table, field) for field in MANIFEST_SCHEMA]
    for name in ("id", "path"):
        if table[name].null_count:
            raise InputError(f"manifest column {name!r} has {table[name].null_count} empty rows.")
    manifest = pa.table(columns, schema=MANIFEST_SCHEMA)
    _check_unique_ids(manifest)
    for name, allowed in (("family", FAMILIES), ("source", SOURCES), ("split", SPLITS)):
        _check_vocabulary(manifest, name, allowed)
    _check_splits(manifest)
    return manifest


def _column(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    if field.name not in table.column_names:
        return pa.nulls(table.num_rows, field.type)
    found = table[field.name]
    try:
        return found.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise InputError(
            f"manifest column {field.name!r} must be of type {field.type}, got {found.type}."
        ) from fault


def write_manifest(manifest: pa.Table, path: Path) -> None:
    """Check the manifest and write it to a Parquet file, whole or not at all."""
    write_parquet(check_manifest(manifest), path)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write any table to Parquet so that a stop in the middle leaves the old file as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        pq.write_table(table, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_manifest(path: Path) -> pa.Table:
    """Read and check a manifest.

    Raises:
        InputError: the file is missing, is not Parquet, or fails `check_manifest`.
    """
    return check_manifest(read_parquet(path))


def read_parquet(path: Path) -> pa.Table:
    """Read any Parquet table.

    Raises:
        InputError: the file is missing or is not Parquet.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a Parquet table.")
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as fault:
        raise InputError(f"{path}: not a readable Parquet table ({fault}).") from fault


def _check_unique_ids(manifest: pa.Table) -> None:
    counts = pc.value_counts(manifest["id"]).to_pylist()
    twice = sorted(entry["values"] for entry in counts if entry["counts"] > 1)
    if twice:
        raise InputError(f"{len(twice)} ids stand more than once in the manifest: {twice[:5]} …")


def _check_vocabulary(manifest: pa.Table, name: str, allowed: tuple[str, ...]) -> None:
    strange = set(pc.unique(manifest[name]).to_pylist()) - {None, *allowed}
    if strange:
        raise InputError(
            f"manifest column {name!r} has {sorted(strange)[:5]}; allowed are {list(allowed)}."
        )


def _check_splits(manifest: pa.Table) -> None:
    known = manifest.filter(
        pc.and_(pc.is_valid(manifest["instrument"]), pc.is_valid(manifest["split"]))
    )
    pairs = known.group_by(["instrument", "split"]).aggregate([])
    counts = pc.value_counts(pairs["instrument"]).to_pylist()
    crossing = sorted(entry["values"] for entry in counts if entry["counts"] > 1)
    if crossing:
        raise InputError(
            f"{len(crossing)} instruments stand in more than one split: {crossing[:5]} …; "
            "a split must hold whole instruments."
        )
