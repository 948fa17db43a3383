"""Forget files: those that are gone, or those that a person names.

Comes in: a catalogue. Goes out: the catalogue without their rows, their tags and favourites. No
file of a person is ever touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from timbrespace.errors import InputError
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.changes import below_folder, is_gone, readable


@dataclass(frozen=True)
class Pruned:
    """What came of pruning.

    Attributes:
        n_files: that were forgotten.
        absent: folders that were added and are not there now, as a drive that is unplugged; their
            files are kept.
    """

    n_files: int
    absent: list[Path]


def prune_files(catalogue: Catalogue, folders: Sequence[Path]) -> Pruned:
    """Forget files that are gone.

    Args:
        catalogue: of the library.
        folders: what was added; nothing below one that is not there is forgotten.
    """
    absent = [place for place in folders if not place.exists() and not _is_file(catalogue, place)]
    conditions: list[str] = ["TRUE"]
    values: list[str] = []
    for folder in absent:
        condition, its_values = below_folder(folder)
        conditions.append(f"NOT {condition}")
        values += its_values
    n_files = 0
    for page in catalogue.pages("path", "files", " AND ".join(conditions), values):
        gone = [(number,) for number, path in page if is_gone(path)]
        with catalogue.transaction():
            catalogue.execute_many("DELETE FROM files WHERE id = ?", gone)
        n_files += len(gone)
    return Pruned(n_files, absent)


def remove_files(catalogue: Catalogue, places: Sequence[Path], folders: Sequence[Path]) -> int:
    """Forget files, and all files below folders; see `Library.remove`.

    Args:
        catalogue: of the library.
        places: what is to be forgotten.
        folders: what was added; one that had no sound may be forgotten, too.
    """
    n_files = 0
    for place in places:
        condition, values = below_folder(place)
        with catalogue.transaction():
            removed = catalogue.execute(f"DELETE FROM files WHERE {condition}", values).rowcount
        if not removed and place not in folders:
            raise InputError(f"{place}: the library holds nothing of it.")
        n_files += removed
    return n_files


def _is_file(catalogue: Catalogue, place: Path) -> bool:
    """Whether the catalogue knows a place as a file."""
    known = catalogue.execute("SELECT 1 FROM files WHERE path = ?", [readable(str(place))])
    return known.fetchone() is not None
