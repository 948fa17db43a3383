"""What `timbrespace tag` prints and writes.

Comes in: what leads in a file. Goes out: a table or a line on standard output, and one record,
label track or picture of it where they were asked for.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from jsonargparse import Namespace
from rich.progress import Progress
from rich.table import Table

from timbrespace.cli.shared import (
    check_output,
    check_output_folder,
    console,
    one_line,
    printable,
    shown,
)
from timbrespace.errors import InputError

if TYPE_CHECKING:
    from timbrespace.tagging import Activity
    from timbrespace.tagging.music import Music

_BAR_CELLS, _LEAST_WIDTH = 10, 72
_MOST_ROWS, _MOST_SPANS = 8, 3
_LEAST_TIMED_S = 60.0  # less says more of the start than of the speed
_NONE, _SILENT = "no instrument reaches its threshold", "silence"


class Outputs:
    """Where results go.

    Args:
        args: as typed.
        is_one: whether one file is tagged, so that outputs are files; else they are folders.
    """

    def __init__(self, args: Namespace, *, is_one: bool) -> None:
        self.is_one = is_one
        self._args = args
        self._folders = {".txt": args.labels, ".png": args.figure}

    def check(self, music: Sequence[Music]) -> None:
        """Check every place, before the work whose results could not be written.

        Raises:
            InputError: nothing can be written there, or two files would be written to one place.
            ConfigError: the picture has another format.
        """
        for path, suffix in ((self._args.json, ".json"), (self._args.csv, ".csv")):
            if path:
                check_output(path, suffixes=(suffix,))
        if not self.is_one:
            self._check_folders(music)
            return
        if self._args.labels:
            check_output(self._args.labels, suffixes=(".txt",))
        if self._args.figure:
            from timbrespace.evaluation.figures import check_figure_path

            check_figure_path(self._args.figure)
            check_output(self._args.figure)

    def are_there(self, item: Music) -> bool:
        """Whether a file's label track and picture, if asked for, have been written."""
        return all(self._place(item, suffix).exists() for suffix in self._asked())

    def write(self, item: Music, found: Activity) -> None:
        """Write a file's label track and picture, if asked for."""
        from timbrespace.tagging import label_track

        for suffix in self._asked():
            place = self._place(item, suffix)
            place.parent.mkdir(parents=True, exist_ok=True)
            if suffix == ".txt":
                place.write_text(label_track(found.spans), encoding="utf-8")
            else:
                _draw(item.path.name, found, place)

    def print_found(self, item: Music, found: Activity, bars: Progress) -> None:
        """A line of a file, above the bars; of a single one a table, when they are gone."""
        if self.is_one:
            bars.stop()
            _print_activity(item.path, found)
            return
        out = console()
        out = bars.console if out.is_terminal and bars.console.is_terminal else out
        out.print(f"{one_line(item.path)}: {_leading(found)}", markup=False)

    def print_end(self, n_files: int, n_heard: int, heard_s: float, spent_s: float) -> None:
        """How much was heard, how fast, and where the table lies."""
        parts = [] if self.is_one else [f"{n_files} file{'s' * (n_files != 1)}"]
        if n_heard < n_files:
            parts.append(
                "heard before" if self.is_one else f"{n_files - n_heard} of them heard before"
            )
        if heard_s and not self.is_one:
            parts.append(f"{_length(heard_s)} heard")
        if heard_s >= _LEAST_TIMED_S:
            parts.append(f"{heard_s / spent_s:.0f} × real time")
        if self._args.csv:
            parts.append(f"table: {self._args.csv}")
        if parts:
            console().print(", ".join(parts), markup=False)

    def _asked(self) -> list[str]:
        return [suffix for suffix, place in self._folders.items() if place]

    def _place(self, item: Music, suffix: str) -> Path:
        place: Path = self._folders[suffix]
        return place if self.is_one else place / f"{item.inner}{suffix}"

    def _check_folders(self, music: Sequence[Music]) -> None:
        for suffix in self._asked():
            folder = self._folders[suffix]
            if folder.suffix.lower() in (".txt", ".png", ".svg", ".pdf"):
                raise InputError(
                    f"{folder}: a folder or several files are tagged; name a folder to write into."
                )
        takers: dict[Path, Path] = {}
        for item in music if self._asked() else ():
            if (other := takers.setdefault(item.inner, item.path)) != item.path:
                raise InputError(
                    f"{other} and {item.path} would be written to one place; tag the folder that "
                    "holds both, or one after the other."
                )
        for suffix in self._asked():
            check_output_folder(self._folders[suffix])


class Records:
    """A JSON file that records are added to, so that memory holds one of them."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._opening = file, ""

    def add(self, path: Path, found: Activity | str) -> None:
        """Write what was found in a file, or what is wrong with it."""
        what = {"problem": found} if isinstance(found, str) else found.as_record()
        self._file.write(self._opening + json.dumps({"path": str(path), **what}))
        self._opening = ",\n"


@contextmanager
def json_records(path: Path) -> Iterator[Records]:
    """A file `{"files": [...]}`, which takes its place when all is written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write('{"files": [\n')
            yield Records(file)
            file.write("\n]}\n")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _draw(name: str, found: Activity, place: Path) -> None:
    from timbrespace.evaluation.figures import save_figure
    from timbrespace.tagging import timeline_figure

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a letter may be drawn as a box
        save_figure(timeline_figure(found, title=printable(name)), place)


def _leading(found: Activity) -> str:
    """What leads over the piece, in one line."""
    overall = dict(zip(found.classes, found.overall, strict=True))
    names = [f"{shown(name)} {100 * overall[name]:.0f} %" for name in found.labels]
    return ", ".join(names) or (_NONE if found.overall.any() else _SILENT)


def _print_activity(path: Path, found: Activity) -> None:
    out = console()
    for_a_while = "; some do for a while" if found.spans and not found.labels else ""
    length = _length(found.duration_s)
    out.print(f"{one_line(path)}, {length}: {_leading(found)}{for_a_while}", markup=False)
    if not found.overall.any():
        return
    table = Table(box=None, padding=(0, 1, 0, 1))
    table.add_column()
    table.add_column("probability", justify="right")
    table.add_column("threshold", justify="right")
    if roomy := out.width >= _LEAST_WIDTH:
        table.add_column()
    table.add_column("leads")
    chosen = found.foremost(_MOST_ROWS)
    for column in chosen:
        name, rate = found.classes[column], found.overall[column]
        bar = "█" * round(_BAR_CELLS * rate) or "▏"
        reach = _reach(rate, found.thresholds[column])
        bars = [bar] if roomy else []
        table.add_row(shown(name), f"{100 * rate:.1f} %", reach, *bars, _when(found, name))
    out.print(table)
    if others := len(found.classes) - len(chosen):
        out.print(f" {others} others reach their thresholds at no time")


def _reach(rate: float, threshold: float) -> str:
    """How a probability stands to its threshold."""
    if threshold > 1:
        return "never said"
    return f"{'≥' if rate >= threshold else '<'} {100 * threshold:.1f} %"


def _when(found: Activity, name: str) -> str:
    """When a class leads: the longest stretches, in order."""
    from timbrespace.tagging.timeline import clock

    spans = [span for span in found.spans if span.label == name]
    longest = sorted(spans, key=lambda span: span.start_s - span.end_s)[:_MOST_SPANS]
    times = [f"{clock(span.start_s)}–{clock(span.end_s)}" for span in sorted(longest)]
    if len(spans) > _MOST_SPANS:
        times.append(f"… {len(spans) - _MOST_SPANS} more")
    return ", ".join(times)


def _length(seconds: float) -> str:
    """To the second; what is shorter than a minute to the hundredth."""
    from timbrespace.tagging.timeline import clock

    return clock(seconds, 2 if seconds < 60 else 0)
