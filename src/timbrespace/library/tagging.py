"""A person's own words for sounds: kept in the catalogue, written to a CSV file.

Comes in: ids and tags. Goes out: rows of the table `tags`, or a file of them. A tag is one line of
text, without spaces around it, at most 100 letters.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from timbrespace.errors import ConfigError, InputError
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.changes import content_hash
from timbrespace.library.metadata import write_keywords

_LONGEST = 100
_FILE_OF_A_SOUND = """SELECT path, file_id,
    (SELECT count(*) FROM sounds WHERE sounds.file_id = heard.file_id)
    FROM heard WHERE id = ?"""


def tag(
    catalogue: Catalogue, ids: Iterable[int], add: Sequence[str] = (), remove: Sequence[str] = ()
) -> None:
    """Give sounds tags, and take tags from them, all or nothing.

    Args:
        catalogue: open for writing.
        ids: of sounds.
        add: tags; those already there stay.
        remove: tags; those not there are passed over.

    Raises:
        ConfigError: a tag is empty, too long or holds what cannot be shown in a line.
        InputError: an id is of no sound.
    """
    numbers = [int(number) for number in ids]
    added, removed = ([checked_tag(text) for text in texts] for texts in (add, remove))
    with catalogue.transaction():
        for number in numbers:
            if not catalogue.execute("SELECT 1 FROM sounds WHERE id = ?", [number]).fetchone():
                raise InputError(f"no sound of the library has the id {number}.")
        catalogue.execute_many(
            "INSERT OR IGNORE INTO tags VALUES (?, ?)",
            [(number, text) for number in numbers for text in added],
        )
        catalogue.execute_many(
            "DELETE FROM tags WHERE sound_id = ? AND tag = ?",
            [(number, text) for number in numbers for text in removed],
        )


def checked_tag(text: str) -> str:
    """A tag without spaces around it.

    Raises:
        ConfigError: it is no tag.
    """
    line = text.strip()
    if not 1 <= len(line) <= _LONGEST or not line.isprintable():
        raise ConfigError(
            f"a tag must be one line of 1 to {_LONGEST} letters; got {text[:_LONGEST]!r}."
        )
    return line


def write_tags(catalogue: Catalogue, out: Path) -> int:
    """Write a CSV file: a line for each sound that has tags, with id, path, start_s and tags.

    Tags are joined by ";". Cells that a spreadsheet would take for a formula get a ' in front.

    Returns:
        Sounds that have tags.
    """
    rows = catalogue.execute(
        "SELECT id, path, start_s, (SELECT group_concat(tag, ';') FROM tags WHERE sound_id = id) "
        "FROM heard WHERE EXISTS (SELECT 1 FROM tags WHERE sound_id = id) ORDER BY path, start_s"
    )
    n_sounds = 0
    with out.open("w", newline="", encoding="utf-8", errors="surrogateescape") as file:
        table = csv.writer(file)
        table.writerow(["id", "path", "start_s", "tags"])
        for number, path, start_s, tags in rows:
            table.writerow([number, _cell(path), start_s, _cell(tags)])
            n_sounds += 1
    return n_sounds


def write_into_files(catalogue: Catalogue, ids: Iterable[int]) -> list[str]:
    """Write the tags of sounds into their files, as keywords; see `metadata.write_keywords`.

    The catalogue learns the files' new content, so that the next `add` need not hear them again.

    Args:
        catalogue: open for writing.
        ids: of sounds; those that are one of many in a file are left out.

    Returns:
        A line for each file that was not written.
    """
    problems = []
    for number in ids:
        path, file_id, n_sounds = catalogue.execute(_FILE_OF_A_SOUND, [number]).fetchone()
        rows = catalogue.execute("SELECT tag FROM tags WHERE sound_id = ? ORDER BY tag", [number])
        try:
            if n_sounds > 1:
                raise InputError(f"{path}: holds {n_sounds} sounds, whose tags would mix.")
            write_keywords(Path(path), [text for (text,) in rows])
            _learn(catalogue, file_id, Path(path))
        except InputError as fault:
            problems.append(str(fault))
    return problems


def _learn(catalogue: Catalogue, file_id: int, path: Path) -> None:
    status = path.stat()
    with catalogue.transaction():
        catalogue.execute(
            "UPDATE files SET size = ?, mtime_ns = ?, content_hash = ? WHERE id = ?",
            [status.st_size, status.st_mtime_ns, content_hash(str(path)), file_id],
        )


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text
