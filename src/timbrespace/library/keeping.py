"""Put what was heard into the library: embed it, write its vectors, then name them in the rows.

Comes in: pieces of files, in order. Goes out: rows and vectors on the disk, a batch at a time.
Vectors are written before the transaction that names their slots, so that a stop in between leaves
nothing but slots that the next batch writes over.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from timbrespace.embeddings import Vectors
from timbrespace.library.ahead import Fault, Outcome
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.changes import Task, readable
from timbrespace.library.hearing import Sound
from timbrespace.library.naming import Namer
from timbrespace.library.vectors import VectorFile

if TYPE_CHECKING:
    from timbrespace.models import Encoder

_BATCH_SOUNDS, _BATCH_S = 256, 5.0  # whichever comes first; a stop loses no more than this
_EMBEDDED_SOUNDS, _EMBEDDED_S = 64, 128.0  # sounds, and seconds of sound, that are embedded at once

_KEEP_FILE = """INSERT INTO files(path, size, mtime_ns, content_hash, status, reason, added_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,
        content_hash = excluded.content_hash, status = excluded.status, reason = excluded.reason
    RETURNING id"""

Row = dict[str, Any]


@dataclass
class _File:
    """A file on its way into the catalogue."""

    task: Task
    content_hash: str | None = None
    reason: str | None = None
    sounds: list[tuple[Row, Vectors]] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        return self.content_hash is not None and self.content_hash == self.task.known_hash


class Keeper:
    """What was heard and is not yet in the catalogue.

    Args:
        catalogue: where rows go; nobody else adds to it meanwhile.
        matrix: where vectors go.
        encoder: in evaluation mode.
        namer: of the same encoder.
    """

    def __init__(
        self, catalogue: Catalogue, matrix: VectorFile, encoder: Encoder, namer: Namer
    ) -> None:
        self._catalogue, self._matrix = catalogue, matrix
        self._encoder, self._namer = encoder, namer
        self._heard: list[tuple[_File, Sound]] = []
        self._ended: list[_File] = []
        self._open: _File | None = None
        self._written_at = time.monotonic()

    def take(self, task: Task, outcome: Outcome) -> None:
        """Take what was heard of a file; now and then, write what is complete."""
        file, self._open = self._open or _File(task), None
        if isinstance(outcome, Fault):
            file.reason = outcome.reason
            self._ended.append(file)
        else:
            file.content_hash = outcome.content_hash
            self._heard += [(file, sound) for sound in outcome.sounds]
            if outcome.is_last:
                self._ended.append(file)
            else:
                self._open = file
        self._go_on()

    def write(self) -> None:
        """Write every file that is complete."""
        self._embed()
        ended, self._ended = self._ended, []
        kept = [sound for file in ended if not file.reason for sound in file.sounds]
        slot = int(self._catalogue.meta("next_slot") or 0)
        names: Sequence[Any] = []
        if kept:
            vectors = np.stack([vector for _, vector in kept])
            names = self._namer.names(vectors)
            self._matrix.write(slot, vectors)
        for place, ((row, _), name) in enumerate(zip(kept, names, strict=True)):
            row |= {**vars(name), "slot": slot + place}
        with self._catalogue.transaction():
            for file in ended:
                self._keep(file)
            self._catalogue.set_meta("next_slot", str(slot + len(kept)))
        self._written_at = time.monotonic()

    def _go_on(self) -> None:
        heard_s = sum(len(sound.note) for _, sound in self._heard) / self._encoder.sample_rate_hz
        if len(self._heard) >= _EMBEDDED_SOUNDS or heard_s >= _EMBEDDED_S:
            self._embed()
        n_sounds = sum(max(1, len(file.sounds)) for file in self._ended)
        if n_sounds >= _BATCH_SOUNDS or time.monotonic() - self._written_at >= _BATCH_S:
            self.write()

    def _embed(self) -> None:
        from timbrespace.models import embed_waveforms

        heard, self._heard = self._heard, []
        if not heard:
            return
        vectors = embed_waveforms(self._encoder, [sound.note for _, sound in heard])
        for (file, sound), vector in zip(heard, vectors, strict=True):
            file.sounds.append((_row(file.task, sound), vector))

    def _keep(self, file: _File) -> None:
        found = file.task.found
        status = "failed" if file.reason else "ok"
        content = None if file.reason else file.content_hash
        now = datetime.now(UTC).isoformat(timespec="seconds")
        path = readable(found.path)
        values = [path, found.size, found.mtime_ns, content, status, file.reason, now]
        (file_id,) = self._catalogue.execute(_KEEP_FILE, values).fetchone()
        if not file.reason and not file.is_unchanged:
            self._keep_sounds(file_id, [row for row, _ in file.sounds])

    def _keep_sounds(self, file_id: int, rows: Sequence[Row]) -> None:
        """The k-th sound of a file that changed stays the k-th, with its id, tags and favourite."""
        known = self._catalogue.execute(
            "SELECT id FROM sounds WHERE file_id = ? ORDER BY start_s, id", [file_id]
        ).fetchall()
        for (number,), row in zip(known, rows, strict=False):
            changes = ", ".join(f"{name} = ?" for name in row)
            self._catalogue.execute(
                f"UPDATE sounds SET {changes} WHERE id = ?", [*row.values(), number]
            )
        for row in rows[len(known) :]:
            names, places = ", ".join(row), ", ".join("?" for _ in row)
            self._catalogue.execute(
                f"INSERT INTO sounds(file_id, {names}) VALUES (?, {places})",
                [file_id, *row.values()],
            )
        self._catalogue.execute_many("DELETE FROM sounds WHERE id = ?", known[len(rows) :])


def _row(task: Task, sound: Sound) -> Row:
    return {
        "start_s": sound.start_s,
        "duration_s": sound.duration_s,
        "sample_rate_hz": sound.info.sample_rate_hz,
        "channels": sound.info.n_channels,
        "instrument": task.found.instrument,
        "velocity": task.found.velocity,
        **vars(sound.descriptors),
    }
