"""`timbrespace search`: find sounds in the library.

Comes in: words, ranges and examples. Goes out: a table on standard output and, if asked for, a JSON
file, a playlist, copies in a folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.finding import add_library_option, add_query_options, query_of
from timbrespace.cli.shared import (
    check_output,
    check_output_folder,
    command_parser,
    console,
    list_problems,
)

_DESCRIPTION = """Find sounds in your library: by example, by words, by ranges, or all at once.
Every filter has to hold; what passes is ranked by how like the examples it is, or listed as it was
added.

Words are looked for in the names of files and their folders, in tags, instruments, families and
sources. A range is LOW..HIGH, ..HIGH, LOW.., >LOW or <HIGH; pitches may be notes (C4 is MIDI 60).
Scores are 1 for equal: of timbre, the cosine of the embeddings; of pitch, half for each 4
semitones; of brightness, half for each half octave; of the loudness envelope, how near the levels
are. A narrow terminal shows the most telling columns; --json writes all."""

_EPILOG = """Examples:
  timbrespace search --like kick.wav
  timbrespace search --like a.wav --like b.wav --unlike c.wav --top 50 --m3u found.m3u
  timbrespace search bass --pitch C1..C3 --duration ..1s --brightness 2000..
  timbrespace search --like snare.wav --weights timbre=1,envelope=0.5 --copy-to picks

Exit codes: 0 done; 1 done, but some files could not be copied (they are listed); 2 wrong input."""

_ASPECTS = ("timbre", "pitch", "envelope", "brightness")
_FIRST_TO_GO = (*reversed(_ASPECTS), "LUFS", "Hz", "note", "seconds", "family", "score")
_LEAST_LETTERS = 30  # of a path, with which one knows the sound
_ENDLESS = 10_000
_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("search", _DESCRIPTION, _EPILOG)
    add_query_options(parser)
    add_library_option(parser)
    parser.add_argument("--top", type=int, default=20, help="sounds to find (default: 20)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all columns to this file")
    parser.add_argument("--m3u", type=Path, metavar="FILE", help="write a playlist")
    parser.add_argument(
        "--copy-to", type=Path, metavar="FOLDER", help="copy what is found into this folder"
    )
    return parser


def run(args: Namespace) -> int:
    """Search; 0, or 1 if some files could not be copied."""
    from timbrespace.errors import ConfigError
    from timbrespace.library import Library
    from timbrespace.library.collecting import copy_sounds, write_m3u

    if args.top < 1:
        raise ConfigError(f"--top must be at least 1, got {args.top}.")
    _check_outputs(args)
    with Library.open(args.library, writable=False) as library:
        found = library.search(query_of(args, library), args.top).to_pylist()
        is_sliced = library.status().slices
    _print(found)
    if args.json:
        args.json.write_text(json.dumps({"sounds": found}, indent=2) + "\n", encoding="utf-8")
    if args.m3u:
        write_m3u(found, args.m3u)
    problems = copy_sounds(found, args.copy_to, slices=is_sliced) if args.copy_to else []
    list_problems(problems)
    return 1 if problems else 0


def _check_outputs(args: Namespace) -> None:
    if args.json:
        check_output(args.json, suffixes=(".json",))
    if args.m3u:
        check_output(args.m3u, suffixes=(".m3u", ".m3u8"))
    if args.copy_to:
        check_output_folder(args.copy_to)


def _print(found: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    out = console()
    if not found:
        out.print("nothing found")
        return
    columns = _columns(found)
    if out.is_terminal:
        columns = fitted(columns, out.width)
    else:
        out.width = _ENDLESS  # what reads it wants whole paths
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in columns:
        is_text = name in ("family", "sound")
        table.add_column(name, justify="left" if is_text else "right", no_wrap=True)
    for row in zip(*columns.values(), strict=True):
        table.add_row(*map(escape, row))
    out.print(table)


def _columns(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    is_ranked = found[0]["score"] is not None
    scores = ("score", *_ASPECTS) if is_ranked else ()
    return {name: [f"{sound[name]:.2f}" for sound in found] for name in scores} | {
        "seconds": [f"{sound['duration_s']:.2f}" for sound in found],
        "note": [note_name(sound["pitch_midi"]) for sound in found],
        "Hz": [_number(sound["brightness_hz"]) for sound in found],
        "LUFS": [_number(sound["loudness_lufs"]) for sound in found],
        "family": [sound["family"] or "" for sound in found],
        "sound": [_place(sound) for sound in found],
    }


def fitted(columns: dict[str, list[str]], width: int) -> dict[str, list[str]]:
    """Columns that fit a terminal: some are left out, and of long paths the beginning is.

    Example:
        >>> fitted({"LUFS": ["-20"], "sound": ["/music/samples/kick.wav"]}, 18)
        {'sound': ['…amples/kick.wav']}
    """
    kept = dict(columns)
    wanted = min(_LEAST_LETTERS, max(map(len, columns["sound"])))
    for name in _FIRST_TO_GO:
        if _room(kept, width) >= wanted:
            break
        kept.pop(name, None)
    room = max(_room(kept, width), 1)
    places = [place if len(place) <= room else f"…{place[1 - room :]}" for place in kept["sound"]]
    return kept | {"sound": places}


def _room(columns: dict[str, list[str]], width: int) -> int:
    """Letters that are left for the sound; every column has two spaces around it."""
    others = (max(map(len, [name, *columns[name]])) + 2 for name in columns if name != "sound")
    return width - 2 - sum(others)


def note_name(pitch_midi: float | None) -> str:
    """The nearest note; empty if there is none.

    Example:
        >>> note_name(59.8)
        'C4'
    """
    if pitch_midi is None:
        return ""
    nearest = round(pitch_midi)
    return f"{_NOTES[nearest % 12]}{nearest // 12 - 1}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _place(sound: dict[str, Any]) -> str:
    start = f" at {sound['start_s']:.2f} s" if sound["start_s"] else ""
    return " ".join(sound["path"].split()) + start
