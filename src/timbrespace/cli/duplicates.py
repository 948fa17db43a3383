"""`timbrespace duplicates`: sounds that the library holds more than once.

Comes in: the library. Goes out: groups of sounds on standard output and, if asked for, a JSON file.
Nothing is deleted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.finding import add_library_option
from timbrespace.cli.shared import check_output, command_parser, console

_DESCRIPTION = """Find sounds that the library holds more than once: copies of a file; other files
with the same samples; and near duplicates, which sound the same though their level, rate or
compression differs. Nothing is deleted or changed.

Near duplicates have embeddings that are almost equal (--least), the same loudness envelope to 3 dB
and the same length to 5 %. In each group the sound that was added first stands first; of a group
only the first stands in the groups of the kinds that follow."""

_EPILOG = """Examples:
  timbrespace duplicates
  timbrespace duplicates --least 0.999 --json twice.json

Exit codes: 0 done; 2 wrong input."""

_KINDS = {"file": "copies of a file", "samples": "the same samples", "near": "near duplicates"}


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("duplicates", _DESCRIPTION, _EPILOG)
    add_library_option(parser)
    parser.add_argument(
        "--least",
        type=float,
        default=0.99,
        metavar="COSINE",
        help="similarity that near duplicates have at least (default: 0.99)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the groups to this file")
    return parser


def run(args: Namespace) -> int:
    """Find duplicates; 0."""
    from timbrespace.library import Library

    if args.json:
        check_output(args.json, suffixes=(".json",))
    with Library.open(args.library, writable=False) as library:
        groups = library.duplicates(least_cosine=args.least)
        found = [{"kind": group.kind, "sounds": _sounds(library, group.ids)} for group in groups]
    _print(found)
    if args.json:
        args.json.write_text(json.dumps({"groups": found}, indent=2) + "\n", encoding="utf-8")
    return 0


def _sounds(library: Any, ids: tuple[int, ...]) -> list[dict[str, Any]]:
    wanted = ("id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])
    rows: list[dict[str, Any]] = library.rows(
        ["id", "path", "start_s", "duration_s"], where=wanted
    ).to_pylist()
    return rows


def _print(found: list[dict[str, Any]]) -> None:
    if not found:
        console().print("no duplicates")
    for group in found:
        console().print(f"{_KINDS[group['kind']]}:")
        for sound in group["sounds"]:
            start = f" at {sound['start_s']:.2f} s" if sound["start_s"] else ""
            console().print(f"  {sound['path']}{start}", markup=False)
