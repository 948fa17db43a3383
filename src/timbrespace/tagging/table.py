"""A CSV table of what leads in many files, written as they are heard, so that a stop loses nothing.

Comes in: what was found in a file, or why it cannot be heard. Goes out: one row per file. A row
remembers size and time of its file and how it was heard, so that the next run hears only what is
new or has changed. Whenever the process is killed, all rows but the one being written are whole,
and that one is dropped when the table is opened again.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from timbrespace.audio import file_stamp
from timbrespace.errors import InputError
from timbrespace.locks import exclusive
from timbrespace.tagging.activity import Activity
from timbrespace.tagging.files import tagger_hash
from timbrespace.tagging.music import place_of
from timbrespace.tagging.tagger import Tagger

_COLUMNS = (
    *("path", "size_bytes", "mtime_ns", "tagger", "hop_s", "threshold"),
    *("duration_s", "labels", "problem"),
)
_N_HOW = 6  # columns that say which file was heard, and how
_PROBLEM = _COLUMNS.index("problem")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = list[str]


class Table:
    """A table that is open for writing; see `open_table`."""

    def __init__(self, file: IO[str], how: Row, done: set[str], n_classes: int) -> None:
        self._file, self._how, self._done, self._n_classes = file, how, done, n_classes

    def holds(self, path: Path) -> bool:
        """Whether a file need not be heard again."""
        return _key(path) in self._done

    def add(self, path: Path, stamp: Row, found: Activity | str) -> None:
        """Write a file's row.

        Args:
            path: of the file, which has no row yet.
            stamp: of the file, by `stamp_of`, from before it was heard.
            found: what leads, or why it cannot be heard.
        """
        cells = _cells(found, self._n_classes)
        csv.writer(self._file).writerow([_key(path), *stamp, *self._how, *cells])
        self._file.flush()


@contextmanager
def open_table(
    file: Path,
    tagger: Tagger,
    paths: Iterable[Path],
    *,
    hop_s: float | None = None,
    threshold: float | None = None,
    anew: Callable[[Path], bool] = lambda path: False,
) -> Iterator[Table]:
    """Open a table; rows of `paths` that have to be written anew are taken out.

    These are the rows of files that have changed, could not be heard, or were heard by another
    tagger, with another hop or another threshold. Rows of other files stay as they are.

    Args:
        file: the table, made if missing.
        tagger: what hears.
        paths: what is to be heard.
        hop_s: as in `Tagger.tag`.
        threshold: as in `Tagger.tag`.
        anew: whether a file is to be heard whatever the table holds.

    Raises:
        InputError: another process writes the table, or the file holds something else, as a table
            of other classes.
    """
    with exclusive(file.with_name(f".{file.name}.lock"), work="tagging"):
        columns = [*_COLUMNS, *map(_cell, tagger.classes)]
        how = [tagger_hash(tagger), repr(float(tagger.hop_s(hop_s))), _number(threshold)]
        asked = {_key(path): path for path in paths}

        def stays(row: Row) -> bool:
            path = asked.get(row[0])
            return path is None or (_is_current(row, path, how) and not anew(path))

        done = _rewrite(file, columns, stays)
        with _writing(file, "a") as rows:
            yield Table(rows, how, done, len(tagger.classes))


def stamp_of(path: Path) -> Row:
    """Size and time of a file, to see that it changed; empty if it is missing."""
    size, _, mtime_ns = file_stamp(path).partition("-")
    return [size, mtime_ns]


def _rewrite(file: Path, columns: Row, stays: Callable[[Row], bool]) -> set[str]:
    """Have a table hold no rows but those that stay; their keys."""
    done = set()
    partial = file.with_name(f".{file.name}.partial")
    try:
        with _writing(partial, "w") as kept:
            writer = csv.writer(kept)
            writer.writerow(columns)
            for row in filter(stays, _rows_of(file, columns)):
                writer.writerow(row)
                done.add(row[0])
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return done


def _rows_of(file: Path, columns: Row) -> Iterator[Row]:
    """Whole rows of a table, the first of each file; none if there is no table yet."""
    if not file.exists():
        return
    seen = set()
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        rows = csv.reader(line for line in lines if line.endswith(("\n", "\r")))
        try:
            if next(rows, columns) != columns:
                raise InputError(
                    f"{file}: holds no table of this tagger's classes, which would be lost; name "
                    "another file."
                )
            for row in rows:
                if len(row) == len(columns) and row[0] not in seen:
                    seen.add(row[0])
                    yield row
        except csv.Error as fault:
            raise InputError(f"{file}: not a readable CSV table ({fault}).") from fault


def _is_current(row: Row, path: Path, how: Row) -> bool:
    return row[1:_N_HOW] == [*stamp_of(path), *how] and not row[_PROBLEM]


def _writing(file: Path, mode: str) -> IO[str]:
    return file.open(mode, newline="", encoding="utf-8", errors="backslashreplace")


def _cells(found: Activity | str, n_classes: int) -> Row:
    if isinstance(found, str):
        return ["", "", _cell(" ".join(found.split())), *[""] * n_classes]
    rates = [f"{rate:.4f}" for rate in found.overall]
    return [f"{found.duration_s:.3f}", _cell(";".join(found.labels)), "", *rates]


def _key(path: Path) -> str:
    r"""A file's absolute path as its row has it; bytes that are no text become \udcXX."""
    return _cell(place_of(path).encode(errors="backslashreplace").decode())


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float | None) -> str:
    return "" if value is None else repr(float(value))
