"""Take what was found out of the library: copies in a folder, or a playlist.

Comes in: rows with `path`, `start_s` and `duration_s`. Goes out: files that other
programs open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from timbrespace.audio.cutting import cut_audio
from timbrespace.errors import AudioError

Rows = Sequence[Mapping[str, Any]]


def copy_sounds(rows: Rows, folder: Path, *, slices: bool = False) -> list[str]:
    """Copy each sound into a folder, under its own name; no file there is written over.

    Args:
        rows: the sounds.
        folder: made already; a name that is taken gets a number behind.
        slices: whether sounds are parts of files, which are cut out as WAV.

    Returns:
        A line for each sound that could not be copied.
    """
    problems = []
    for row in rows:
        source = Path(row["path"])
        name = f"{source.stem} {row['start_s']:.2f}s.wav" if slices else source.name
        out = _free(folder / name)
        try:
            if slices:
                cut_audio(source, out, start_s=row["start_s"], duration_s=row["duration_s"])
            else:
                shutil.copy2(source, out)
        except (AudioError, OSError) as fault:
            out.unlink()
            problems.append(str(fault) if isinstance(fault, AudioError) else f"{source}: {fault}")
    return problems


def write_m3u(rows: Rows, out: Path) -> None:
    """Write an extended M3U playlist (UTF-8) of the sounds, in order.

    Players that know how start in a file where the sound does.
    """
    lines = ["#EXTM3U"]
    for row in rows:
        path = str(row["path"])
        if not path.isprintable():
            continue  # a line break would start another entry
        lines.append(f"#EXTINF:{max(1, round(row['duration_s']))},{Path(path).stem}")
        if row["start_s"]:
            stop_s = row["start_s"] + row["duration_s"]
            lines.append(f"#EXTVLCOPT:start-time={row['start_s']:.3f}")
            lines.append(f"#EXTVLCOPT:stop-time={stop_s:.3f}")
        lines.append(path)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _free(wanted: Path) -> Path:
    """The path, or the first with a number behind its name that is not taken; it is made."""
    number, path = 1, wanted
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return path
        except FileExistsError:
            number += 1
            path = wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
