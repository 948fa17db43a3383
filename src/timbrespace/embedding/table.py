"""Embed every sound of a manifest into a Parquet file, so that a stop loses nothing.

Comes in: a manifest and an encoder. Goes out: an embeddings table on disk and the list of what
could not be embedded. Work is kept in parts beside the file (`NAME.parts/`) until it is complete;
the next run with the same encoder goes on from them. A part's rows remember size and time of their
files, so that a file that changed is embedded again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from timbrespace.audio import Note, file_stamp, read_notes
from timbrespace.embeddings import (
    Vectors,
    embeddings_table,
    encoder_of,
    vectors_of,
    write_embeddings,
)
from timbrespace.errors import AudioError, ConfigError, InputError
from timbrespace.locks import exclusive
from timbrespace.manifest import read_parquet, write_parquet
from timbrespace.models import Encoder, embed_waveforms, encoder_hash

_PART_ROWS = 64


@dataclass(frozen=True)
class Embedded:
    """What came of a manifest.

    Attributes:
        n_embedded: rows of the table that was written.
        n_resumed: how many of them an earlier run had done.
        problems: one line for each sound that could not be embedded.
    """

    n_embedded: int
    n_resumed: int
    problems: list[str]


def embed_manifest(
    manifest: pa.Table,
    encoder: Encoder,
    out: Path,
    *,
    n_threads: int | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Embedded:
    """Embed each row's sound (trimmed, levelled) and write the embeddings table.

    Of a sound longer than `audio.HEARD_S` only that much is heard; rows with `start_s` and
    `duration_s` choose other parts.

    Args:
        manifest: rows to embed.
        encoder: in evaluation mode.
        out: the Parquet file to write; replaced when the work is complete.
        n_threads: files decoded at once; None takes one a core.
        on_progress: called with the number of rows that are done.

    Raises:
        ConfigError: `n_threads` is below 1.
        InputError: `out` is no place for embeddings (see `check_place`), no sound could be
            embedded, the parts beside `out` are another encoder's, or another process writes the
            same file.
    """
    if n_threads is not None and n_threads < 1:
        raise ConfigError(f"threads must be at least 1, got {n_threads}.")
    check_place(out)
    folder = out.with_name(f"{out.name}.parts")
    with exclusive(folder / ".lock", work="embedding"):
        parts = _Parts(folder, encoder)
        stamps = [file_stamp(Path(path)) for path in manifest["path"].to_pylist()]
        rows = manifest.append_column("stamp", pa.array(stamps, pa.string()))
        left = parts.left(rows)
        n_resumed = rows.num_rows - left.num_rows
        problems: list[str] = []
        n_done = n_resumed
        on_progress(n_done)
        for part, notes in read_notes(
            left,
            part_rows=_PART_ROWS,
            sample_rate_hz=encoder.sample_rate_hz,
            n_threads=n_threads,
        ):
            problems += parts.add(part, notes)
            n_done += part.num_rows
            on_progress(n_done)
        n_embedded = parts.join(rows, out, problems)
    return Embedded(n_embedded, n_resumed, problems)


def check_place(out: Path) -> None:
    """Check that embeddings may be written to `out`: nothing but embeddings is ever replaced.

    Raises:
        InputError: the name does not end in .parquet, or there is something else in its place.
    """
    if out.suffix != ".parquet":
        raise InputError(f"{out}: embeddings are written to a .parquet file; name one.")
    if not out.exists():
        return
    if not out.is_file() or "embedding" not in read_parquet(out).column_names:
        raise InputError(f"{out}: is there and holds no embeddings; name another file.")


class _Parts:
    """The folder of finished parts; each is an embeddings table with a column `stamp`."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder, self._encoder, self._hash = folder, encoder, encoder_hash(encoder)
        folder.mkdir(parents=True, exist_ok=True)
        self._files = sorted(folder.glob("?????.parquet"))
        for file in self._files[:1]:
            if encoder_of(read_parquet(file))[1] != self._hash:
                raise InputError(
                    f"{folder} holds unfinished work of another encoder; finish it with that "
                    "encoder, delete the folder, or choose another --out."
                )

    def left(self, rows: pa.Table) -> pa.Table:
        """The rows that no part holds as their files are now."""
        done = set(self._keys())
        keys = zip(rows["id"].to_pylist(), rows["stamp"].to_pylist(), strict=True)
        return rows.filter(pa.array([key not in done for key in keys], pa.bool_()))

    def add(self, rows: pa.Table, notes: Sequence[Note]) -> list[str]:
        """Embed what was read, write it as one part, and return what could not be read."""
        good = [index for index, note in enumerate(notes) if not isinstance(note, AudioError)]
        if good:
            waveforms = [note for note in notes if not isinstance(note, AudioError)]
            kept = rows.take(pa.array(good))
            table = self._table(kept, embed_waveforms(self._encoder, waveforms))
            file = self._folder / f"{len(self._files):05}.parquet"
            write_parquet(table.append_column("stamp", kept["stamp"]), file)
            self._files.append(file)
        return [str(note) for note in notes if isinstance(note, AudioError)]

    def join(self, rows: pa.Table, out: Path, problems: list[str]) -> int:
        """Write the whole table in the order of `rows`, drop the parts, return its row count."""
        place = {key: index for index, key in enumerate(self._keys())}
        keys = zip(rows["id"].to_pylist(), rows["stamp"].to_pylist(), strict=True)
        found = [(row, place[key]) for row, key in enumerate(keys) if key in place]
        if not found:
            shutil.rmtree(self._folder)
            raise InputError(
                f"no sound could be embedded, {len(problems)} are bad; the first: {problems[0]}"
                if problems
                else "there is no sound to embed."
            )
        vectors = np.concatenate([vectors_of(read_parquet(file)) for file in self._files])
        kept = rows.take(pa.array([row for row, _ in found]))
        write_embeddings(self._table(kept, vectors[[index for _, index in found]]), out)
        shutil.rmtree(self._folder)
        return len(found)

    def _table(self, rows: pa.Table, vectors: Vectors) -> pa.Table:
        return embeddings_table(
            rows, vectors, encoder_name=self._encoder.name, encoder_hash=self._hash
        )

    def _keys(self) -> Iterator[tuple[str, str]]:
        for file in self._files:
            part = read_parquet(file)
            yield from zip(part["id"].to_pylist(), part["stamp"].to_pylist(), strict=True)
