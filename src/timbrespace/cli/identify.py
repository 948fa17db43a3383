"""`timbrespace identify`: what a sound is most likely.

Comes in: files, folders or manifests. Goes out: the likeliest classes of each sound on standard
output and, if asked for, a JSON file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace
from rich.console import Console
from rich.table import Table

from timbrespace.cli.shared import (
    check_output,
    command_parser,
    console,
    list_problems,
    one_line,
    shown,
)

if TYPE_CHECKING:
    from timbrespace.identification import Answer, Identification

_DESCRIPTION = """Say what sounds are: family, source and the nearest General MIDI instruments, with
probabilities. They are calibrated on instruments that were not taught: of all that is told with
80 %, about 80 % is right, but on recordings less, since what ships was taught on rendered notes.

Takes audio files, folders (every audio file below) and manifests (.parquet). With --model it tells
the classes that `timbrespace teach` was taught. Where a sound is unlike everything that was taught,
this is said: its probabilities mean little. Of a sound longer than a minute the first minute is
heard. More than ten sounds take a line each; "?" stands behind what is doubtful."""

_EPILOG = """Examples:
  timbrespace identify mystery.wav
  timbrespace identify my_samples --json found.json
  timbrespace identify loop.wav --model mine.safetensors --top 3

Exit codes: 0 done; 1 done, but some sounds are bad and were skipped (they are listed); 2 wrong
input."""

_TITLES = {"kind": "General MIDI instrument"}
_BAR_CELLS = 24
_MOST_TABLES = 10


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("identify", _DESCRIPTION, _EPILOG)
    parser.add_argument("paths", nargs="+", type=Path, help="files, folders, manifests")
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="a classifier by `teach` (default: those shipped)",
    )
    parser.add_argument(
        "--encoder",
        metavar="NAME",
        help="name or folder of the encoder that the model was taught with (default: the one "
        "fine-tuned with it, else the default encoder)",
    )
    parser.add_argument("--top", type=int, default=5, help="classes to show (default: 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to this file")
    return parser


def run(args: Namespace) -> int:
    """Identify; 0, or 1 if some sounds were skipped."""
    from timbrespace.embedding import gather
    from timbrespace.errors import AudioError, ConfigError
    from timbrespace.identification import load_identifier

    if args.top < 1:
        raise ConfigError(f"--top must be at least 1, got {args.top}.")
    if args.json:
        check_output(args.json, suffixes=(".json",))
    identifier = load_identifier(args.model, args.encoder)
    manifest, problems = gather(args.paths)
    records = []
    for found in identifier.identify_all(manifest):
        if isinstance(found, AudioError):
            problems.append(str(found))
            continue
        if manifest.num_rows > _MOST_TABLES:
            console().print(_line(found), markup=False)
        else:
            _print_sound(console(), found, top=args.top)
        records.append(found.as_record(args.top))
    if args.json:
        args.json.write_text(json.dumps({"sounds": records}, indent=2) + "\n", encoding="utf-8")
    list_problems(problems)
    return 1 if problems else 0


def _line(found: Identification) -> str:
    """A sound of many in one line: the likeliest class of each answer, "?" where it is doubtful."""
    answers = ", ".join(
        f"{shown(answer.classes[0])} {100 * answer.probabilities[0]:.0f} %"
        + ("" if answer.is_known and found.is_long_enough else " ?")
        for answer in found.answers
    )
    return f"{one_line(found.path)}: {answers}"


def _print_sound(out: Console, found: Identification, *, top: int) -> None:
    out.print(f"{one_line(found.path)}: {found.heard_s:.2f} s heard", markup=False)
    if not found.is_long_enough:
        out.print("  too short to go by: a tenth of a second is needed")
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2))
    for answer in found.answers:
        _add_rows(table, answer, top)
    out.print(table)
    for answer in found.answers:
        if not answer.is_known:
            out.print(
                f"  {_title(answer)}: unlike everything that was taught, so the probabilities mean "
                f"little (similarity {answer.similarity:.2f}, {answer.least_similarity:.2f} is "
                "needed)"
            )


def _add_rows(table: Table, answer: Answer, top: int) -> None:
    likeliest = list(zip(answer.classes, answer.probabilities, strict=True))[:top]
    for place, (name, probability) in enumerate(likeliest):
        table.add_row(
            "" if place else _title(answer),
            shown(name),
            f"{100 * probability:5.1f} %",
            "█" * round(_BAR_CELLS * probability) or "▏",
        )


def _title(answer: Answer) -> str:
    return _TITLES.get(answer.label, shown(answer.label))
