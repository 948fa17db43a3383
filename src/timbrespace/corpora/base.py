"""What every corpus shares: its card, the faults found in it, and the gate to its manifest.

Comes in: the rows and faults that a corpus read from disk. Goes out: a `Scan`, a manifest that
holds only what is sound and the list of everything that is not. Paths in a manifest are absolute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from timbrespace.errors import InputError
from timbrespace.manifest import manifest_from_rows

Row = dict[str, Any]


@dataclass(frozen=True)
class CorpusInfo:
    """The card of a corpus.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        licence: under which terms its sounds may be used.
        layout: how it lies on disk, as a tree.
        url: its own home page; None if it has none.
        citation: the paper or release to cite, with doi or arXiv; None if there is none.
    """

    name: str
    title: str
    licence: str
    layout: str
    url: str | None = None
    citation: str | None = None


@dataclass(frozen=True)
class Problem:
    """One fault of a corpus: the file that has it, and what is wrong."""

    path: Path
    message: str

    def __str__(self) -> str:
        path = str(self.path).encode(errors="backslashreplace").decode()
        return f"{path}: {self.message}"


def problem_of(path: Path, error: Exception) -> Problem:
    """The fault that an error tells of a file; its message need not open with the path twice."""
    return Problem(path, str(error).removeprefix(f"{path}: "))


@dataclass(frozen=True)
class Scan:
    """What a corpus holds: a manifest of all that is sound, and every fault that was found."""

    manifest: pa.Table
    problems: list[Problem]


class Corpus(Protocol):
    """A module (or any object) with a card and a reader."""

    @property
    def info(self) -> CorpusInfo:
        """The card."""

    def scan(self, root: Path) -> Scan:
        """Read the whole corpus below `root`; faults are collected, not raised.

        Raises:
            InputError: `root` is missing or is laid out as something else.
        """


def corpus_root(root: Path, info: CorpusInfo) -> Path:
    """The absolute path of an existing corpus folder.

    Raises:
        InputError: `root` is not a folder; the message shows the layout that was expected.
    """
    if not root.is_dir():
        raise InputError(f"{root}: no such folder.\n{_expected(info)}")
    return root.absolute()


def wrong_layout(root: Path, info: CorpusInfo) -> InputError:
    """The error to raise when `root` holds nothing of this corpus."""
    return InputError(f"{root}: does not look like {info.title}.\n{_expected(info)}")


def scan_of(rows: Iterable[Row], problems: Iterable[Problem]) -> Scan:
    """Gate from rows to manifest, the same for every corpus.

    A row whose path is not UTF-8, whose id was taken before, or whose instrument was met in another
    split before, is left out and reported: a file that repeats another, and an instrument that
    crosses, once, not note by note.

    Args:
        rows: what `manifest_from_rows` takes, in the order that decides who came first.
        problems: what the corpus itself found.
    """
    paths: dict[str, str] = {}
    splits: dict[str, str] = {}
    faults = dict.fromkeys(problems)
    sound = []
    for row in rows:
        fault = _not_utf8(row) or _crossing(row, splits) or _repeat(row, paths)
        if fault:
            faults[fault] = None
        else:
            sound.append(row)
    return Scan(manifest_from_rows(sound), list(faults))


def _not_utf8(row: Row) -> Problem | None:
    try:
        row["path"].encode()
    except UnicodeEncodeError:
        return Problem(Path(row["path"]), "the name is not UTF-8; rename the file.")
    return None


def _crossing(row: Row, splits: dict[str, str]) -> Problem | None:
    instrument, split = row.get("instrument"), row.get("split")
    if not instrument or not split or splits.setdefault(instrument, split) == split:
        return None
    return Problem(
        Path(row["path"]).parent,
        f"instrument {instrument} is in split {split} and in {splits[instrument]}; "
        "a split must hold whole instruments.",
    )


def _repeat(row: Row, paths: dict[str, str]) -> Problem | None:
    if row["id"] not in paths:
        paths[row["id"]] = row["path"]
        return None
    return Problem(Path(row["path"]), f"repeats {paths[row['id']]}; keep one of them.")


def _expected(info: CorpusInfo) -> str:
    return f"Expected {info.title} laid out as\n{info.layout}"
