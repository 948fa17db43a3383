"""The rows of a library as Arrow tables.

Comes in: columns, a condition, an order. Goes out: one row a sound, of files that are there and
could be heard. Values are bound; names of columns are checked against those that there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from timbrespace.errors import InputError
from timbrespace.library.catalogue import Catalogue

Where = tuple[str, Sequence[Any]]
"""A condition in SQL over the columns, with ? for each value; and the values."""

COLUMNS: dict[str, pa.DataType] = {
    "id": pa.int64(),
    "path": pa.string(),
    "start_s": pa.float64(),
    "duration_s": pa.float64(),
    "sample_rate_hz": pa.int64(),
    "channels": pa.int64(),
    "loudness_lufs": pa.float64(),
    "peak_db": pa.float64(),
    "pitch_midi": pa.float64(),
    "pitch_confidence": pa.float64(),
    "attack_s": pa.float64(),
    "brightness_hz": pa.float64(),
    "noisiness": pa.float64(),
    "family": pa.string(),
    "family_probability": pa.float64(),
    "source": pa.string(),
    "source_probability": pa.float64(),
    "nearest": pa.string(),
    "instrument": pa.string(),
    "velocity": pa.int64(),
    "favourite": pa.int64(),
    "tags": pa.list_(pa.string()),
    "waveform": pa.binary(),
    "envelope": pa.binary(),
    "slot": pa.int64(),
    "file_id": pa.int64(),
    "size": pa.int64(),
    "mtime_ns": pa.int64(),
    "content_hash": pa.string(),
}

_FETCHED = 4096
_TAGS = "(SELECT json_group_array(tag) FROM tags WHERE sound_id = heard.id)"


def read_rows(
    catalogue: Catalogue,
    columns: Sequence[str] | None = None,
    where: Where | None = None,
    order: str | None = None,
    limit: int | None = None,
) -> pa.Table:
    """Rows of the catalogue; see `Library.rows`."""
    names = _checked(list(COLUMNS) if columns is None else columns)
    condition, values = where or ("TRUE", ())
    sql = f"SELECT {_selected(names)} FROM heard WHERE {condition} ORDER BY {_order(order)} LIMIT ?"
    rows = catalogue.execute(sql, [*values, -1 if limit is None else limit])
    parts = []
    while page := rows.fetchmany(_FETCHED):
        parts.append(_table(page, names))
    return pa.concat_tables(parts) if parts else _table([], names)


def read_pages(catalogue: Catalogue) -> Iterator[pa.Table]:
    """All columns of all rows, by id, in parts, so that memory holds one of them."""
    last = -1
    while True:
        page = read_rows(catalogue, where=("id > ?", [last]), limit=_FETCHED)
        if not page.num_rows:
            return
        yield page
        last = page["id"][-1].as_py()


def _table(rows: list[tuple[Any, ...]], names: Sequence[str]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [_column(name, values) for name, values in zip(names, columns, strict=True)]
    return pa.table(arrays, names=list(names))


def _column(name: str, values: Sequence[Any]) -> pa.Array:
    if name == "tags":
        values = [json.loads(text) for text in values]
    return pa.array(values, COLUMNS[name])


def _selected(names: Sequence[str]) -> str:
    return ", ".join(_TAGS if name == "tags" else name for name in names)


def _order(order: str | None) -> str:
    if order is None:
        return "id"
    (name,) = _checked([order.removeprefix("-")])
    return f"{name} DESC NULLS LAST, id" if order.startswith("-") else f"{name} NULLS LAST, id"


def _checked(names: Sequence[str]) -> Sequence[str]:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or not names:
        raise InputError(f"no column {unknown[:5]}; columns of a library are {list(COLUMNS)}.")
    return names
