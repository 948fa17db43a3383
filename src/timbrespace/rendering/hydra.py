"""The tables of a SoundFont that say which preset plays which sample.

Comes in: an .sf2 or .sf3 file. Goes out: its nine preset tables ("hydra") as NumPy record arrays;
the samples are skipped, so that a file of any size is read in an instant. Every table ends with a
terminal record, whose indices close the ranges of the record before it.

Source: E-mu Systems 1998, "SoundFont Technical Specification 2.04", chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError

Records = npt.NDArray[Any]

INSTRUMENT_OPERATOR = 41
"""The generator by which a preset's zone names its instrument."""

_BAG = [("generator", "<u2"), ("modulator", "<u2")]
_GENERATOR = [("operator", "<u2"), ("amount", "<u2")]
_MODULATOR = [
    ("source", "<u2"),
    ("destination", "<u2"),
    ("amount", "<i2"),
    ("amount_source", "<u2"),
    ("transform", "<u2"),
]
_TABLES: dict[str, list[Any]] = {
    "phdr": [
        ("name", "S20"),
        ("program", "<u2"),
        ("bank", "<u2"),
        ("bag", "<u2"),
        ("reserved", "<u4", (3,)),
    ],
    "pbag": _BAG,
    "pmod": _MODULATOR,
    "pgen": _GENERATOR,
    "inst": [("name", "S20"), ("bag", "<u2")],
    "ibag": _BAG,
    "imod": _MODULATOR,
    "igen": _GENERATOR,
    "shdr": [
        ("name", "S20"),
        ("span", "<u4", (4,)),
        ("sample_rate_hz", "<u4"),
        ("root_pitch", "u1"),
        ("correction_cents", "i1"),
        ("link", "<u2"),
        ("type", "<u2"),
    ],
}
# which field of which table points into which table
_POINTERS = (
    ("phdr", "bag", "pbag"),
    ("pbag", "generator", "pgen"),
    ("pbag", "modulator", "pmod"),
    ("inst", "bag", "ibag"),
    ("ibag", "generator", "igen"),
    ("ibag", "modulator", "imod"),
)


def read_hydra(path: Path) -> dict[str, Records]:
    """The preset tables of a SoundFont, by the names of their chunks.

    Raises:
        InputError: the file is missing, is no SoundFont, ends too early, lacks a table, or has a
            table of a broken size or with indices that run backwards or past the end, or a preset
            has a program over 127.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected a SoundFont (.sf2 or .sf3).")
    with path.open("rb") as file:
        chunks = dict(_preset_chunks(file, path))
    tables = {name: _table(chunks, name, path) for name in _TABLES}
    for table, field, target in _POINTERS:
        _check_pointers(tables[table][field], len(tables[target]), f"{path}: {table}.{field}")
    _check_presets(tables, path)
    return tables


def _preset_chunks(file: BinaryIO, path: Path) -> Iterator[tuple[str, bytes]]:
    end = path.stat().st_size
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise InputError(f"{path}: not a SoundFont (its first bytes are {head!r}).")
    for name, size in _chunk_heads(file, end, path):
        if name == "LIST" and file.read(4) == b"pdta":
            inner_end = file.tell() + size - 4
            for inner, inner_size in _chunk_heads(file, inner_end, path):
                yield inner, file.read(inner_size)
            return
    raise InputError(f"{path}: this SoundFont has no presets (no 'pdta' list).")


def _chunk_heads(file: BinaryIO, end: int, path: Path) -> Iterator[tuple[str, int]]:
    """Name and size of each chunk up to `end`, the file standing at the chunk's first byte."""
    position = file.tell()
    while position + 8 <= end:
        file.seek(position)
        head = file.read(8)
        name, size = head[:4].decode("latin-1"), int.from_bytes(head[4:], "little")
        if position + 8 + size > end:
            raise InputError(
                f"{path}: broken SoundFont: chunk {name!r} at byte {position} says {size} bytes, "
                f"{end - position - 8} are left; is the file cut short?"
            )
        yield name, size
        position += 8 + size + size % 2


def _table(chunks: dict[str, bytes], name: str, path: Path) -> Records:
    record = np.dtype(_TABLES[name])
    size = len(chunks.get(name, b""))
    if size == 0 or size % record.itemsize:
        raise InputError(
            f"{path}: broken SoundFont: table {name!r} has {size} bytes, "
            f"expected one or more records of {record.itemsize} bytes."
        )
    return np.frombuffer(chunks[name], record)


def _check_pointers(pointers: Records, n_targets: int, where: str) -> None:
    if any(later < earlier for earlier, later in pairwise(pointers.tolist())):
        raise InputError(f"{where}: broken SoundFont: indices run backwards.")
    if pointers[-1] >= n_targets:
        raise InputError(
            f"{where}: broken SoundFont: index {pointers[-1]} in a table of {n_targets} records."
        )


def _check_presets(tables: dict[str, Records], path: Path) -> None:
    program = tables["phdr"]["program"][:-1].max(initial=0)
    if program > 127:
        raise InputError(f"{path}: broken SoundFont: a preset has program {program}, over 127.")
    names_instrument = tables["pgen"]["operator"] == INSTRUMENT_OPERATOR
    instrument = int(tables["pgen"]["amount"][names_instrument].max(initial=0))
    n_instruments = len(tables["inst"]) - 1
    if names_instrument.any() and instrument >= n_instruments:
        raise InputError(
            f"{path}: broken SoundFont: a preset names instrument {instrument} of {n_instruments}."
        )
