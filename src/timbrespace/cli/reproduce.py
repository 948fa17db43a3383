"""`timbrespace reproduce`: a paper's tables and figures, trained and evaluated anew.

Comes in: a corpus or a manifest. Goes out: a folder with every run and a report.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser, Namespace
from rich.markup import escape
from rich.table import Table

from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)

_DESCRIPTION = """Train and evaluate every row of Tables II and III of Shi, Cooper & Yamagishi 2022
(doi:10.1109/TASLP.2022.3140549), three seeds each, and write their tables and figures beside the
numbers that are published.

Training takes split "train", all else split "test", whose instruments must not be in training.
Stop it at any moment: the same command goes on where it was. With --budget the runs are cut to
equal numbers of steps that take so many minutes in all, after a few steps of each were timed; the
plan is kept, so that it is the same when the command is repeated."""

_EPILOG = """OUT holds report.html (tables, figures, recipes, what differs from the paper),
report.json, tables.md, tables.tex, figures/, plan.json, runs/ and embeddings/.

Rows: base no-augmentation no-family no-asoftmax (Table II); base midi122-fixed mel122
mel122-fixed mel80 mel80-fixed, and ours band-energy (Table III).

Examples:
  timbrespace reproduce shi2022 --corpus nsynth --data ~/sounds/nsynth --out shi2022
  timbrespace reproduce shi2022 --corpus nsynth --data rendered --out quick --budget 60 --seeds 10
  timbrespace reproduce shi2022 --manifest notes.parquet --out two --rows base no-family

Exit codes: 0 done; 1 done, but some sounds could not be used; 2 wrong input or settings."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    command = command_parser("reproduce", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    add("paper", choices=["shi2022"], help="which paper")
    add("--corpus", metavar="NAME", help="a corpus of `timbrespace corpora list`, as nsynth")
    add("--data", type=Path, metavar="FOLDER", help="where the corpus lies")
    add("--manifest", type=Path, metavar="FILE", help="sounds, instead of a corpus (Parquet)")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where all is kept")
    add("--budget", type=float, metavar="MINUTES", help="of training, all runs together")
    add("--rows", nargs="+", metavar="ROW", help="only these rows of the tables")
    add("--seeds", nargs="+", type=int, metavar="N", help="of each row (10 100 1000)")
    add("--skip", nargs="+", default=[], choices=["probing", "map"], help="leave these out")
    add("--set", nargs="+", default=[], metavar="KEY=VALUE", help="change every recipe")
    return command


def run(args: Namespace) -> int:
    """Reproduce; 0, or 1 if some sounds could not be used."""
    from timbrespace.models import keep_freed_memory
    from timbrespace.reproduction import Request, reproduce

    request = Request(**_asked(args))
    check_output_folder(args.out)
    keep_freed_memory()
    with progress() as bars:
        done = reproduce(request, args.out, progress=bars, skip=args.skip, command=_command(args))
    list_problems(done.problems)
    for section in done.sections:
        if section.name in ("ablations", "front-ends"):
            for table in section.tables:
                _print(table)
    console().print(f"report: {done.page}", markup=False)
    return 1 if done.problems else 0


def _asked(args: Namespace) -> dict[str, Any]:
    from timbrespace.errors import ConfigError

    given = [name for name in ("corpus", "data", "manifest") if args[name]]
    if given not in (["corpus", "data"], ["manifest"]):
        raise ConfigError("reproduce needs either --corpus and --data, or --manifest; see --help.")
    sounds = args.manifest or args.data
    asked = {"sounds": str(sounds.absolute()), "corpus": args.corpus, "changes": tuple(args.set)}
    asked["budget_min"] = args.budget
    chosen = {"rows": args.rows, "seeds": args.seeds}
    return asked | {name: tuple(values) for name, values in chosen.items() if values}


def _command(args: Namespace) -> str:
    """The command as it was understood."""
    words = ["timbrespace", "reproduce", args.paper]
    for name in ("corpus", "data", "manifest", "out", "budget", "rows", "seeds", "skip", "set"):
        value = args[name]
        if value:
            words += [f"--{name}", *map(str, value if isinstance(value, list) else [value])]
    return shlex.join(words)


def _print(table: Any) -> None:
    shown = Table(*map(escape, table.header))
    for row in table.rows:
        shown.add_row(*map(escape, row))
    console().print(shown)
    console().print(table.caption, markup=False)
