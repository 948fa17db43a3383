"""A selection of sounds as a table, a playlist, or an archive of its files, sent as it is made.

Comes in: ids of sounds. Goes out: bytes, block by block, however large the selection is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from timbrespace.errors import AudioError
from timbrespace.explorer.audio_files import playable
from timbrespace.explorer.points import FolderNames, sound_name
from timbrespace.library import Library

_IDS_AT_ONCE = 500
_COLUMNS = (
    *("id", "path", "start_s", "duration_s", "sample_rate_hz", "channels", "instrument"),
    *("family", "source", "pitch_midi", "velocity", "loudness_lufs", "peak_db", "brightness_hz"),
    *("noisiness", "attack_s", "favourite", "tags"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Form:
    """A form that a selection can be had in.

    Attributes:
        media_type: of the bytes.
        blocks: gives the bytes of these sounds of a library.
    """

    media_type: str
    blocks: Callable[[Library, Sequence[int]], Iterator[bytes]]


def rows_of(library: Library, ids: Sequence[int], columns: Sequence[str]) -> pa.Table:
    """Rows of sounds, each once, by id; sounds that are not there have none."""
    wanted = sorted(set(ids))
    parts = []
    for first in range(0, max(1, len(wanted)), _IDS_AT_ONCE):
        part = wanted[first : first + _IDS_AT_ONCE]
        places = ", ".join("?" for _ in part)
        parts.append(library.rows(columns, where=(f"id IN ({places})", part)))
    return pa.concat_tables(parts)


def csv_blocks(library: Library, ids: Sequence[int]) -> Iterator[bytes]:
    """A table of what is known of each sound, in the order of the ids.

    Text that a spreadsheet would compute is quoted.
    """
    yield _csv_lines([_COLUMNS])
    for part in _parts(ids):
        rows = _in_order(library, part, _COLUMNS)
        yield _csv_lines([[_cell(row[name]) for name in _COLUMNS] for row in rows])


def m3u_blocks(library: Library, ids: Sequence[int]) -> Iterator[bytes]:
    """A playlist of the files, each once, in the order of the ids."""
    yield b"#EXTM3U\n"
    seen: set[str] = set()
    for part in _parts(ids):
        for row in _in_order(library, part, ["id", "path", "duration_s"]):
            if row["path"] not in seen and "\n" not in row["path"]:
                seen.add(row["path"])
                title = f"#EXTINF:{row['duration_s']:.0f},{sound_name(row['path'], 0.0)}"
                yield f"{title}\n{row['path']}\n".encode()


def zip_blocks(library: Library, ids: Sequence[int]) -> Iterator[bytes]:
    """An archive of the files, and of the part that a slice is; not compressed, for audio is not.

    Files that cannot be read are listed in `missing.txt` inside.
    """
    sink = _Sink()
    taken: Counter[str] = Counter()
    missing: list[str] = []
    folders = FolderNames(library.folders)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for part in _parts(ids):
            for row in _in_order(library, part, ["id", "path", "start_s", "duration_s"]):
                try:
                    yield from _zipped(archive, sink, row, library, folders, taken)
                except AudioError as fault:
                    missing.append(str(fault))
        if missing:
            archive.writestr("missing.txt", "\n".join(missing) + "\n")
    yield sink.taken()


FORMS = {
    "csv": Form("text/csv; charset=utf-8", csv_blocks),
    "m3u": Form("audio/x-mpegurl", m3u_blocks),
    "zip": Form("application/zip", zip_blocks),
}


class _Sink(io.RawIOBase):
    """Where an archive is written to; gives what was written since it was last asked."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self._written += block
        return len(block)

    def taken(self) -> bytes:
        written, self._written = bytes(self._written), bytearray()
        return written


def _zipped(
    archive: zipfile.ZipFile,
    sink: _Sink,
    row: dict[str, Any],
    library: Library,
    folders: FolderNames,
    taken: Counter[str],
) -> Iterator[bytes]:
    path = Path(row["path"])
    found = playable(
        path,
        library.folders,
        start_s=row["start_s"],
        duration_s=row["duration_s"],
        as_it_is=True,
    )
    name = f"{folders.of(row['path'])}/{sound_name(row['path'], row['start_s'])}"
    taken[name + found.suffix] += 1
    count = taken[name + found.suffix]
    entry = f"{name}{found.suffix}" if count == 1 else f"{name} ({count}){found.suffix}"
    with archive.open(zipfile.ZipInfo(entry), "w", force_zip64=True) as file:
        for block in found.blocks():
            file.write(block)
            yield sink.taken()


def _in_order(library: Library, ids: Sequence[int], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of sounds in the order of `ids`; `columns` hold `id`."""
    rows = {row["id"]: row for row in rows_of(library, ids, columns).to_pylist()}
    return [rows[each] for each in ids if each in rows]


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    unique = list(dict.fromkeys(ids))
    for first in range(0, len(unique), _IDS_AT_ONCE):
        yield unique[first : first + _IDS_AT_ONCE]


def _csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
