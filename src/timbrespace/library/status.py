"""How much a library holds, and what could not be used.

Comes in: a catalogue. Goes out: counts, and lines of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from timbrespace.library.catalogue import Catalogue


@dataclass(frozen=True)
class Status:
    """Counts of a library.

    Attributes:
        n_sounds: that can be searched.
        hours: of sound in them.
        n_files: that can be used and are there.
        n_failed: files that cannot be used.
        n_missing: files that are gone.
        n_favourites: sounds that are marked.
        n_tagged: sounds with a tag.
        n_bytes: of the library's folder itself.
        encoder_name: what makes the vectors; None before the first sound.
        encoder_hash: content hash of it.
        slices: whether files are cut into sounds.
        folders: what was added.
    """

    n_sounds: int
    hours: float
    n_files: int
    n_failed: int
    n_missing: int
    n_favourites: int
    n_tagged: int
    n_bytes: int
    encoder_name: str | None
    encoder_hash: str | None
    slices: bool
    folders: list[Path]


def status_of(catalogue: Catalogue, folders: Sequence[Path]) -> Status:
    """Count what a catalogue holds."""
    n_sounds, seconds, n_favourites = catalogue.execute(
        "SELECT count(*), total(duration_s), total(favourite) FROM heard"
    ).fetchone()
    files = dict(catalogue.execute("SELECT status, count(*) FROM files GROUP BY status").fetchall())
    (n_tagged,) = catalogue.execute("SELECT count(DISTINCT sound_id) FROM tags").fetchone()
    return Status(
        n_sounds=n_sounds,
        hours=seconds / 3600,
        n_files=files.get("ok", 0),
        n_failed=files.get("failed", 0),
        n_missing=files.get("missing", 0),
        n_favourites=int(n_favourites),
        n_tagged=n_tagged,
        n_bytes=sum(each.stat().st_size for each in catalogue.folder.rglob("*") if each.is_file()),
        encoder_name=catalogue.meta("encoder_name"),
        encoder_hash=catalogue.meta("encoder_hash"),
        slices=catalogue.meta("slices") == "1",
        folders=list(folders),
    )


def failed_files(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Path and reason of each file that cannot be used."""
    for page in catalogue.pages("path, reason", "files", "status = 'failed'"):
        for _, path, reason in page:
            yield path, reason
