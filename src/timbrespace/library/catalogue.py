"""The catalogue: an SQLite file of rows, one a sound, that many may read while one writes.

Comes in: a folder. Goes out: cursors and transactions. Each thread has a connection of its own,
made when it first asks. Values are always bound, never pasted into SQL.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from timbrespace.errors import InputError
from timbrespace.library.schema import check_version, migrate

CATALOGUE = "catalogue.sqlite"
PAGE_ROWS = 512

_WAIT_S = 30.0  # for another writer, whose transactions take milliseconds


class Catalogue:
    """The rows of one library.

    Args:
        folder: the library's folder.
        writable: make what is missing and bring old tables up to date; else nothing is changed.

    Raises:
        InputError: there is no catalogue to read, or what is there is none.

    Attributes:
        folder: the library's folder.
        writable: whether rows may be written.
    """

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self.folder, self.writable = folder, writable
        self._file = folder / CATALOGUE
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        if writable:
            folder.mkdir(parents=True, exist_ok=True)
        elif not self._file.is_file():
            raise InputError(
                f"{folder}: no library here; make one with `timbrespace library add FOLDER`."
            )
        self._connection()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement on the calling thread's connection; rows come as tuples.

        Raises:
            InputError: the database is broken, full or locked, or does not know what is asked.
        """
        connection = self._connection()
        with self._faults():
            return connection.execute(sql, values)

    def pages(
        self, columns: str, table: str, where: str = "TRUE", values: Sequence[Any] = ()
    ) -> Iterator[list[Any]]:
        """Rows by rising `rowid`, in parts; between two of them nothing is held, so one may write.

        Args:
            columns: SQL; the first of each row is the row's `rowid`, then come these.
            table: SQL, what to read from; it has a `rowid`.
            where: SQL of the condition.
            values: of the placeholders in `where`.
        """
        sql = f"SELECT rowid, {columns} FROM {table} WHERE rowid > ? AND {where} "
        last = -1
        while page := self.execute(
            f"{sql} ORDER BY rowid LIMIT {PAGE_ROWS}", [last, *values]
        ).fetchall():
            last = page[-1][0]
            yield page

    def execute_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each sequence of values.

        Raises:
            InputError: as `execute`.
        """
        connection = self._connection()
        with self._faults():
            connection.executemany(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or none of it; waits for another writer.

        Raises:
            InputError: the catalogue is open for reading only, or another writer does not end.
        """
        if not self.writable:
            raise InputError(f"{self.folder}: the library is open for reading only.")
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection().in_transaction:
                self.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that this thread reads inside is of one moment, whatever others write meanwhile."""
        self.execute("BEGIN")
        try:
            yield
        finally:
            self.execute("ROLLBACK")

    def meta(self, key: str) -> str | None:
        """A fact of the whole library; None if it is not known."""
        row = self.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact of the whole library."""
        self.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def close(self) -> None:
        """Close every thread's connection."""
        opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
        self._own = threading.local()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            with self._faults():
                self._own.connection = self._connect()
        connection: sqlite3.Connection = self._own.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        # check_same_thread: closing is done by whoever closes the catalogue
        connection = sqlite3.connect(
            f"{self._file.absolute().as_uri()}?{self._mode()}",
            uri=True,
            timeout=_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            if self.writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                migrate(connection)
            else:
                check_version(connection)
        except BaseException:
            connection.close()
            raise
        self._opened.append(connection)
        return connection

    def _mode(self) -> str:
        if self.writable:
            return "mode=rwc"
        # where nobody can write there is no log to read, and none can be made
        return "mode=ro" if os.access(self.folder, os.W_OK) else "mode=ro&immutable=1"

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as fault:
            raise InputError(f"{self._file}: {fault}.") from fault
        except InputError as fault:
            raise InputError(f"{self._file}: {fault}") from fault
