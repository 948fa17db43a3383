"""Notes packed for training: trimmed, levelled, 16-bit, memory-mapped.

Comes in: a manifest. Goes out: a folder of shards (`00000.npy`, 1-D int16, with `00000.parquet`
that says where each note lies) and `WaveformStore` over it. A shard is written whole or not at
all, so packing that was stopped goes on where it was; memory holds one shard while packing, and
what the system caches while training.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.audio import Note, file_stamp, read_notes
from timbrespace.errors import AudioError, InputError
from timbrespace.manifest import read_parquet, write_parquet

Samples = npt.NDArray[np.int16]

_SHARD_ROWS = 256
_FULL_SCALE = 32767


@dataclass(frozen=True)
class WaveformStore:
    """Packed notes, by the row number of the manifest they came from.

    Attributes:
        rows: (notes,) row of the manifest; rows that could not be read are absent.
        problems: one line for each row that could not be read.
        sample_rate_hz: rate of every note.
    """

    rows: npt.NDArray[np.int64]
    problems: list[str]
    sample_rate_hz: int
    _shards: list[Samples]
    _shard: npt.NDArray[np.int64]
    _start: npt.NDArray[np.int64]
    _stop: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """How many notes there are."""
        return len(self.rows)

    def note(self, index: int) -> Samples:
        """One note; (samples,) int16, a view of the file on disk."""
        shard: Samples = self._shards[self._shard[index]]
        return shard[self._start[index] : self._stop[index]]


def pack(
    manifest: pa.Table,
    folder: Path,
    *,
    sample_rate_hz: int,
    trim: bool = True,
    n_threads: int | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> WaveformStore:
    """Pack every note of the manifest, or what is left to pack, and open the store.

    Args:
        manifest: what to pack.
        folder: where the shards lie; made if missing.
        sample_rate_hz: rate to resample to.
        trim: False keeps silence at either end, which is part of music.
        n_threads: files decoded at once; None takes one a core.
        on_progress: called with the number of rows that are done.

    Raises:
        InputError: the folder holds another manifest's notes, or no row could be read.
    """
    _claim(folder, _signature(manifest, sample_rate_hz, trim))
    n_done = _SHARD_ROWS * len(list(folder.glob("?????.parquet")))
    left = manifest.slice(n_done)
    for part, notes in read_notes(
        left,
        sample_rate_hz=sample_rate_hz,
        part_rows=_SHARD_ROWS,
        n_threads=n_threads,
        trim=trim,
    ):
        _write_shard(folder / f"{n_done // _SHARD_ROWS:05}", notes, first=n_done)
        n_done += part.num_rows
        on_progress(n_done)
    return _open_store(folder, sample_rate_hz)


def _signature(manifest: pa.Table, sample_rate_hz: int, trim: bool) -> dict[str, Any]:
    """What the notes come from: ids, parts, and size and time of each file; how they are cut."""
    columns = manifest.select(["id", "path", "start_s", "duration_s"]).to_pydict()
    columns["stamp"] = [file_stamp(Path(path)) for path in columns["path"]]
    digest = hashlib.sha256(json.dumps(columns).encode()).hexdigest()
    whole = {} if trim else {"trim": False}
    return {"sounds": digest, "sample_rate_hz": sample_rate_hz, **whole}


def _claim(folder: Path, signature: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "store.json"
    if not file.is_file():
        partial = folder / "store.partial"
        partial.write_text(json.dumps(signature))
        partial.replace(file)
    elif json.loads(file.read_text()) != signature:
        raise InputError(
            f"{folder} holds packed sounds of another manifest, or of this one before files or "
            "rows changed; delete that folder, which is made anew."
        )


def _write_shard(stem: Path, notes: list[Note], *, first: int) -> None:
    good = [np.empty(0, np.float32) if isinstance(note, AudioError) else note for note in notes]
    stops = np.cumsum([len(note) for note in good])
    entries = {
        "row": np.arange(first, first + len(notes)),
        "start": np.r_[0, stops[:-1]],
        "stop": stops,
        "problem": [str(note) if isinstance(note, AudioError) else None for note in notes],
    }
    partial = stem.with_suffix(".partial.npy")
    np.save(partial, np.round(np.concatenate(good) * _FULL_SCALE).astype(np.int16))
    partial.replace(stem.with_suffix(".npy"))
    write_parquet(pa.table(entries, schema=_ENTRY), stem.with_suffix(".parquet"))


_ENTRY = pa.schema(
    [("row", pa.int64()), ("start", pa.int64()), ("stop", pa.int64()), ("problem", pa.string())]
)


def _open_store(folder: Path, sample_rate_hz: int) -> WaveformStore:
    files = sorted(folder.glob("?????.parquet"))
    tables = [read_parquet(file) for file in files]
    shard = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
    entries = pa.concat_tables(tables) if tables else _ENTRY.empty_table()
    good = entries["problem"].is_null().to_numpy()
    problems = [problem for problem in entries["problem"].to_pylist() if problem]
    if not good.any():
        raise InputError(
            f"no sound of the manifest could be read, {len(problems)} are bad; "
            f"the first: {problems[0]}"
            if problems
            else "the manifest has no sound."
        )
    return WaveformStore(
        rows=entries["row"].to_numpy()[good],
        problems=problems,
        sample_rate_hz=sample_rate_hz,
        _shards=[np.load(file.with_suffix(".npy"), mmap_mode="r") for file in files],
        _shard=shard[good],
        _start=entries["start"].to_numpy()[good],
        _stop=entries["stop"].to_numpy()[good],
    )
