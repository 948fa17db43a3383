"""Read the notes of a manifest in parts, a part ahead of whoever uses them.

Comes in: manifest rows. Goes out: parts of the rows, each with its notes as `read_note` gives them
or the error that came instead. Decoding releases the interpreter, so threads are enough; memory
holds two parts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa

from timbrespace.audio.decode import Waveform
from timbrespace.audio.note import read_note
from timbrespace.errors import AudioError

Note = Waveform | AudioError

HEARD_S = 60.0


def read_notes(
    rows: pa.Table,
    *,
    sample_rate_hz: int,
    part_rows: int = 64,
    longest_s: float = HEARD_S,
    n_threads: int | None = None,
    trim: bool = True,
) -> Iterator[tuple[pa.Table, list[Note]]]:
    """Parts of `rows`, in order, each with one note or error a row.

    Args:
        rows: table with `path`, `start_s` and `duration_s`.
        sample_rate_hz: rate of the notes.
        part_rows: rows of a part.
        longest_s: of a longer sound only its first `longest_s` seconds are read.
        n_threads: files decoded at once; None takes one a core.
        trim: False keeps silence at either end.
    """

    def read(row: dict[str, Any]) -> Note:
        try:
            return read_note(
                Path(row["path"]),
                sample_rate_hz=sample_rate_hz,
                start_s=row["start_s"] or 0.0,
                duration_s=min(row["duration_s"] or longest_s, longest_s),
                trim=trim,
            )
        except AudioError as fault:
            return fault

    with ThreadPoolExecutor(n_threads or os.cpu_count()) as pool:

        def submit(part: pa.Table) -> list[Future[Note]]:
            places = part.select(["path", "start_s", "duration_s"]).to_pylist()
            return [pool.submit(read, place) for place in places]

        parts = [rows.slice(first, part_rows) for first in range(0, rows.num_rows, part_rows)]
        ahead = submit(parts[0]) if parts else []
        for number, part in enumerate(parts):
            now, ahead = ahead, submit(parts[number + 1]) if number + 1 < len(parts) else []
            yield part, [future.result() for future in now]
