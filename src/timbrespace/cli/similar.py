"""`timbrespace similar`: how alike sounds are.

Comes in: audio files and an encoder. Goes out: the cosine of each pair on standard output and, if
asked for, a JSON file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import add_encoder_options, quick_encoder
from timbrespace.cli.shared import check_output, command_parser, console, shown

if TYPE_CHECKING:
    from timbrespace.models import Encoder

_DESCRIPTION = """Say how alike sounds are in timbre: the cosine of their embeddings, from 1, the
same timbre, down to 0 and below, nothing in common. Pitch, loudness and length should not matter.

Each file is mixed to mono, trimmed of silence and brought to one level; of a sound longer than a
minute the first minute is heard. The numbers of one encoder do not compare to another's."""

_EPILOG = """Examples:
  timbrespace similar oboe.wav clarinet.wav
  timbrespace similar kick.wav snare.wav tom.wav --json alike.json

Exit codes: 0 done; 2 wrong input, or a file that cannot be read."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("similar", _DESCRIPTION, _EPILOG)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE", help="two files or more")
    add_encoder_options(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to this file")
    return parser


def run(args: Namespace) -> int:
    """Compare each file to each; 0."""
    from timbrespace.errors import ConfigError
    from timbrespace.evaluation.vectors import cosines

    if len(args.paths) < 2:
        raise ConfigError("similar needs two files or more to compare.")
    if args.json:
        check_output(args.json, suffixes=(".json",))
    encoder = quick_encoder(args)
    similarity = cosines(encoder.embed(args.paths, precision=encoder.precision)).tolist()
    _print(args.paths, similarity)
    if args.json:
        record = _record(encoder, args.paths, similarity)
        args.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 0


def _print(paths: list[Path], similarity: list[list[float]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    if len(paths) == 2:
        console().print(f"similarity {similarity[0][1]:.2f}; 1 is the same timbre")
        return
    table = Table(title="similarity; 1 is the same timbre", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("file")
    for number in range(1, len(paths) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for number, (path, row) in enumerate(zip(paths, similarity, strict=True), start=1):
        table.add_row(f"{number} {shown(str(path))}", *(f"{value:.2f}" for value in row))
    console().print(table)


def _record(encoder: Encoder, paths: list[Path], similarity: list[list[float]]) -> dict[str, Any]:
    from timbrespace.models import encoder_hash

    return {
        "encoder": {"name": encoder.name, "hash": encoder_hash(encoder)},
        "sounds": [str(path) for path in paths],
        "similarity": similarity,
    }
