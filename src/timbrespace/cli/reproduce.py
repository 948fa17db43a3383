"""`timbrespace reproduce`: a paper's tables and figures, trained and evaluated anew.

Comes in: a corpus or a manifest. Goes out: a folder with every run and a report.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)
from timbrespace.cli.tables import print_table

_DESCRIPTION = """Train and evaluate every row of a paper's tables, three seeds each, and write
tables and figures beside the numbers that are published. Stop it at any moment: the same command
goes on where it was, and more rows or seeds add their runs.

shi2022: Tables II and III of Shi, Cooper & Yamagishi 2022 (doi:10.1109/TASLP.2022.3140549), which
tell instruments never heard before apart. Training takes split "train", all else split "test",
whose instruments must not be in training. With --budget the runs are cut to equal numbers of steps
that take so many minutes in all, after a few steps of each were timed; the plan is kept, so that it
is the same when the command is repeated.

zhong2023: Tables II, III and IV of Zhong et al. 2023 (arXiv:2306.08850), and training on shares of
the data: pre-training on notes, to tell which instruments lead in music. With --steps all runs are
cut to equal numbers of steps."""

_EPILOG = """OUT holds report.html (tables, figures, recipes, what differs from the paper),
report.json, tables.md, tables.tex, figures/, plan.json, and every run.

Rows of shi2022: base no-augmentation no-family no-asoftmax (Table II); base midi122-fixed mel122
mel122-fixed mel80 mel80-fixed, and ours band-energy (Table III).
Rows of zhong2023: full scratch (Table II), and ours default frozen focal balanced; full no-effects
no-concatenation no-mixup no-effects-no-mixup no-smoothing no-normalisation (Table III); full
reduced-3-3-4-3 reduced-2-2-2-2 shared-3-4-6-3 shared-3-3-4-3 shared-2-2-2-2 thin (Table IV).

Examples:
  timbrespace reproduce shi2022 --corpus nsynth --data ~/sounds/nsynth --out shi2022
  timbrespace reproduce shi2022 --corpus nsynth --data rendered --out quick --budget 60 --seeds 10
  timbrespace reproduce shi2022 --manifest notes.parquet --out two --rows base no-family
  timbrespace reproduce zhong2023 --data ~/sounds/IRMAS --notes nsynth.parquet --out zhong2023
  timbrespace reproduce zhong2023 --mixes mixes --notes notes.parquet --steps 1000 500 --out quick

Exit codes: 0 done; 1 done, but some sounds could not be used; 2 wrong input or settings."""


_PRINTED = (
    "ablations",
    "front-ends",
    "initialisation",
    "smaller-networks",
    "less-fine-tuning-data",
    "by-number-of-instruments",
)


def parser() -> ArgumentParser:
    """The command's arguments."""
    command = command_parser("reproduce", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    add("paper", choices=["shi2022", "zhong2023"], help="which paper")
    add("--corpus", metavar="NAME", help="a corpus of `timbrespace corpora list`, as nsynth")
    add("--data", type=Path, metavar="FOLDER", help="where the corpus lies; zhong2023: IRMAS")
    add("--manifest", type=Path, metavar="FILE", help="sounds, instead of a corpus (Parquet)")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where all is kept")
    add("--budget", type=float, metavar="MINUTES", help="of training, all runs together")
    add("--rows", nargs="+", metavar="ROW", help="only these rows of the tables")
    add("--seeds", nargs="+", type=int, metavar="N", help="of each row (10 100 1000)")
    add(
        "--skip",
        nargs="+",
        action="extend",
        default=[],
        choices=["probing", "map"],
        help="leave these out",
    )
    changes: dict[str, Any] = {"nargs": "+", "action": "extend", "default": []}
    add("--set", metavar="KEY=VALUE", help="change every recipe", **changes)
    add("--mixes", type=Path, metavar="FOLDER", help="zhong2023: rendered mixes, not IRMAS")
    add("--notes", type=Path, metavar="FILE", help="zhong2023: a manifest of notes to begin with")
    add(
        "--steps",
        nargs=2,
        type=int,
        metavar=("NOTES", "MUSIC"),
        help="zhong2023: of training on notes and on music",
    )
    add(
        "--fractions",
        nargs="+",
        type=float,
        metavar="SHARE",
        help="zhong2023: shares of the music that full and scratch are trained on",
    )
    add("--tune", metavar="KEY=VALUE", help="zhong2023: change every training on music", **changes)
    return command


def run(args: Namespace) -> int:
    """Reproduce; 0, or 1 if some sounds could not be used."""
    from timbrespace.models import keep_freed_memory

    check_output_folder(args.out)
    keep_freed_memory()
    done = _notes(args) if args.paper == "shi2022" else _music(args)
    list_problems(done.problems)
    for section in done.sections:
        if section.name in _PRINTED:
            for table in section.tables:
                print_table(table)
    console().print(f"report: {done.page}", markup=False)
    return 1 if done.problems else 0


def _notes(args: Namespace) -> Any:
    from timbrespace.reproduction import Request, reproduce

    _refuse(args, "mixes", "notes", "steps", "fractions", "tune")
    request = Request(**_asked(args))
    with progress() as bars:
        return reproduce(request, args.out, progress=bars, skip=args.skip, command=_command(args))


def _music(args: Namespace) -> Any:
    from timbrespace.errors import ConfigError
    from timbrespace.reproduction.zhong2023 import Request, reproduce_tagging

    _refuse(args, "corpus", "manifest", "budget", "skip")
    if bool(args.data) == bool(args.mixes):
        raise ConfigError("reproduce zhong2023 needs either --data or --mixes; see --help.")
    given = {"rows": args.rows, "seeds": args.seeds, "fractions": args.fractions}
    request = Request(
        excerpts=str((args.data or args.mixes).absolute()),
        is_irmas=bool(args.data),
        notes=str(args.notes.absolute()) if args.notes else "",
        steps=tuple(args.steps) if args.steps else None,
        changes=tuple(args.set),
        tuning=tuple(args.tune),
        **{name: tuple(values) for name, values in given.items() if values},
    )
    with progress() as bars:
        return reproduce_tagging(request, args.out, progress=bars)


def _refuse(args: Namespace, *names: str) -> None:
    """Options that the paper's reproduction does not have."""
    from timbrespace.errors import ConfigError

    for name in names:
        if args[name]:
            raise ConfigError(f"reproduce {args.paper} has no --{name}; see --help.")


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
