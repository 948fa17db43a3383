"""What is new, changed, moved or gone since the catalogue was written.

Comes in: the files that a scan found. Goes out: the files that have to be heard, and a catalogue in
which moved files have their new paths and files that are gone are marked as missing. All is
compared inside SQLite, so that memory does not grow with the number of files.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from timbrespace.library.catalogue import PAGE_ROWS, Catalogue
from timbrespace.library.scan import FoundFile

_DIGEST_BYTES = 16

_SEEN = """CREATE TEMP TABLE seen(
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, instrument TEXT, velocity INTEGER,
    name BLOB)"""
_TODO = """CREATE TEMP TABLE todo AS
    SELECT seen.*, files.id AS file_id,
        CASE WHEN files.reason IS NULL THEN files.content_hash END AS known_hash
    FROM seen LEFT JOIN files USING (path)
    WHERE files.id IS NULL OR files.status = 'failed' OR files.reason IS NOT NULL
        OR files.size <> seen.size OR files.mtime_ns <> seen.mtime_ns
    ORDER BY seen.path"""
_GONE = """CREATE TEMP TABLE gone AS
    SELECT id, path, size, content_hash FROM files
    WHERE content_hash IS NOT NULL AND reason IS NULL
        AND path NOT IN (SELECT path FROM seen)
        AND size IN (SELECT size FROM todo WHERE file_id IS NULL)"""


@dataclass(frozen=True)
class Task:
    """A file to be heard.

    Attributes:
        found: the file as it lies on the disk.
        file_id: of its row in the catalogue; None for a new one.
        known_hash: of the content that the row's sounds describe; None where they describe none.
    """

    found: FoundFile
    file_id: int | None
    known_hash: str | None


class Changes:
    """A scan beside the catalogue, in temporary tables of this thread's connection."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.forget()  # what a run that was stopped left
        catalogue.execute(_SEEN)

    def forget(self) -> None:
        """Drop the temporary tables."""
        for table in ("seen", "todo", "gone"):
            self._catalogue.execute(f"DROP TABLE IF EXISTS temp.{table}")

    def see(self, files: Iterable[FoundFile]) -> Iterator[int]:
        """Take in what a scan finds; gives the number of files so far, now and then."""
        files = iter(files)
        n_seen = 0
        while page := list(islice(files, PAGE_ROWS)):
            with self._catalogue.transaction():
                self._catalogue.execute_many(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?, ?)", map(_seen_row, page)
                )
            n_seen += len(page)
            yield n_seen

    def compare(self) -> int:
        """Find what has to be heard; returns how many files are as the catalogue knows them."""
        with self._catalogue.transaction():
            self._catalogue.execute(_TODO)
            self._catalogue.execute("CREATE INDEX temp.todo_by_path ON todo(path)")
            self._catalogue.execute(
                "UPDATE files SET status = 'ok' WHERE status = 'missing' AND reason IS NULL "
                "AND path IN (SELECT path FROM seen)"
            )
        return self._count("seen") - self._count("todo")

    def follow_moves(self) -> int:
        """Give files that were moved their new paths; returns how many there were."""
        with self._catalogue.transaction():
            self._catalogue.execute(_GONE)
            self._drop_present()
        if not self._count("gone"):
            return 0
        new = "file_id IS NULL AND size IN (SELECT size FROM gone)"
        return sum(map(self._follow, self._pages(new)))

    def mark_missing(self, folders: Sequence[Path]) -> int:
        """Mark files below `folders` that are gone; returns how many there are now."""
        n_missing = 0
        for folder in folders:
            condition, values = below_folder(folder)
            condition += " AND path NOT IN (SELECT path FROM seen)"
            for page in self._catalogue.pages("path", "files", condition, values):
                gone = [(number,) for number, path in page if is_gone(path)]
                with self._catalogue.transaction():
                    self._catalogue.execute_many(
                        "UPDATE files SET status = 'missing' WHERE id = ?", gone
                    )
                n_missing += len(gone)
        return n_missing

    def n_tasks(self) -> int:
        """How many files have to be heard."""
        return self._count("todo")

    def tasks(self) -> Iterator[Task]:
        """The files that have to be heard, by path."""
        for page in self._pages("TRUE"):
            yield from page

    def _pages(self, condition: str) -> Iterator[list[Task]]:
        columns = "name, size, mtime_ns, instrument, velocity, file_id, known_hash"
        for page in self._catalogue.pages(columns, "todo", condition):
            yield [Task(FoundFile(os.fsdecode(row[1]), *row[2:6]), *row[6:]) for row in page]

    def _follow(self, tasks: list[Task]) -> int:
        n_moved = 0
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            hashes = pool.map(_hash_or_none, [task.found.path for task in tasks])
        with self._catalogue.transaction():
            for task, content in zip(tasks, hashes, strict=True):
                n_moved += self._moved(task.found, content)
        return n_moved

    def _moved(self, found: FoundFile, content: str | None) -> bool:
        old = self._catalogue.execute(
            "SELECT id, rowid FROM gone WHERE content_hash = ? AND size = ?", [content, found.size]
        ).fetchone()
        if old is None:
            return False
        path = readable(found.path)
        self._catalogue.execute(
            "UPDATE files SET path = ?, size = ?, mtime_ns = ?, status = 'ok' WHERE id = ?",
            [path, found.size, found.mtime_ns, old[0]],
        )
        self._catalogue.execute("DELETE FROM gone WHERE rowid = ?", old[1:])
        self._catalogue.execute("DELETE FROM todo WHERE path = ?", [path])
        return True

    def _drop_present(self) -> None:
        """Keep those of `gone` that are gone: the scan may not have been where they lie."""
        for page in self._catalogue.pages("path", "gone"):
            here = [(number,) for number, path in page if not is_gone(path)]
            self._catalogue.execute_many("DELETE FROM gone WHERE rowid = ?", here)
        self._catalogue.execute("CREATE INDEX temp.gone_by_content ON gone(content_hash)")
        self._catalogue.execute("CREATE INDEX temp.gone_by_size ON gone(size)")

    def _count(self, table: str) -> int:
        return int(self._catalogue.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def content_hash(path: str) -> str:
    """blake2b of a file's bytes, 128 bits, as hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES))
    return digest.hexdigest()


def is_gone(path: str) -> bool:
    """Whether there is no file of this path; one that cannot be looked at is not gone."""
    try:
        os.stat(path)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def readable(path: str) -> str:
    r"""A path as text that any program can keep: bytes that are not UTF-8 become \xNN.

    Example:
        >>> readable(os.fsdecode(b"/caf\xe9.wav"))
        '/caf\\xe9.wav'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def below_folder(folder: Path) -> tuple[str, list[str]]:
    """SQL that holds for the paths in and below `folder`, and for `folder` itself; its values."""
    inside = readable(str(folder)).rstrip("/") + "/"
    after = inside[:-1] + chr(ord("/") + 1)
    return "(path = ? OR (path >= ? AND path < ?))", [readable(str(folder)), inside, after]


def _seen_row(found: FoundFile) -> tuple[Any, ...]:
    label = None if found.instrument is None else readable(found.instrument)
    name = os.fsencode(found.path)
    return readable(found.path), found.size, found.mtime_ns, label, found.velocity, name


def _hash_or_none(path: str) -> str | None:
    try:
        return content_hash(path)
    except OSError:
        return None
