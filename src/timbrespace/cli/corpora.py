"""`timbrespace corpora`: list, show, check and index sound corpora.

Comes in: the arguments as typed. Goes out: tables on standard output, an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace
from rich.markup import escape
from rich.table import Table

from timbrespace.cli.shared import check_output, command_parser, console, error_console, progress

if TYPE_CHECKING:
    from rich.console import Console

    from timbrespace.corpora import Problem, Scan

_DESCRIPTION = """A corpus on disk becomes a manifest: one table with one row per sound, that
train, embed and verify read. A broken corpus is reported completely, not at its first fault."""

_EPILOG = """Examples:
  timbrespace corpora list
  timbrespace corpora show nsynth
  timbrespace corpora check philharmonia ~/sounds/philharmonia --audio
  timbrespace corpora manifest nsynth ~/sounds/nsynth --out nsynth.parquet

Exit code: 0 sound, 1 problems were found, 2 wrong name or folder."""


def parser() -> ArgumentParser:
    """Parser of the command and its four actions."""
    main = command_parser("corpora", _DESCRIPTION, _EPILOG)
    actions = main.add_subcommands(dest="action", title="actions", metavar="ACTION")

    listing = command_parser("corpora list", "Name, title and licence of each corpus.")
    actions.add_subcommand("list", listing, help="what corpora there are")

    show = command_parser(
        "corpora show", "Where a corpus comes from, its licence, citation and layout on disk."
    )
    show.add_argument("name", help="which corpus: a name of `corpora list`")
    actions.add_subcommand("show", show, help="all about one corpus")

    check = command_parser("corpora check", "Report every fault of a corpus and what it holds.")
    _add_place(check)
    check.add_argument("--audio", action="store_true", help="also open every audio file")
    actions.add_subcommand("check", check, help="find what is wrong with a copy")

    manifest = command_parser(
        "corpora manifest",
        "Write the manifest of all that is sound; faults go to standard error.",
    )
    _add_place(manifest)
    manifest.add_argument("--out", type=Path, required=True, help="Parquet file to write")
    actions.add_subcommand("manifest", manifest, help="write the table that the others read")
    return main


def run(args: Namespace) -> int:
    """Do what was asked; 1 if problems were found."""
    actions = {"list": _list, "show": _show, "check": _check, "manifest": _manifest}
    return actions[args.action](args[args.action])


def _add_place(action: ArgumentParser) -> None:
    action.add_argument("name", help="which corpus: a name of `corpora list`")
    action.add_argument("root", type=Path, help="its folder; `corpora show NAME` has the layout")


def _list(args: Namespace) -> int:
    from timbrespace.corpora import CORPORA

    table = Table("name", "title", "licence")
    for name, corpus in CORPORA.items():
        table.add_row(name, corpus.info.title, corpus.info.licence)
    console().print(table)
    return 0


def _show(args: Namespace) -> int:
    from timbrespace.corpora import get_corpus

    info = get_corpus(args.name).info
    card = Table.grid(padding=(0, 2))
    for word in ("title", "url", "licence", "citation", "layout"):
        value = getattr(info, word)
        if value:
            card.add_row(f"[bold]{word}[/bold]", escape(value))
    console().print(card)
    return 0


def _check(args: Namespace) -> int:
    scan = _scan(args)
    problems = scan.problems + (_unreadable(scan) if args.audio else [])
    _print_problems(problems, console())
    _print_counts(scan, n_problems=len(problems))
    return 1 if problems else 0


def _manifest(args: Namespace) -> int:
    from timbrespace.manifest import write_manifest

    check_output(args.out)
    scan = _scan(args)
    write_manifest(scan.manifest, args.out)
    _print_problems(scan.problems, error_console())
    console().print(f"{args.out}: {scan.manifest.num_rows:,} sounds", markup=False)
    return 1 if scan.problems else 0


def _scan(args: Namespace) -> Scan:
    from timbrespace.corpora import get_corpus

    corpus = get_corpus(args.name)
    with error_console().status(f"reading {corpus.info.title} …"):
        return corpus.scan(args.root)


def _unreadable(scan: Scan) -> list[Problem]:
    from timbrespace.corpora import check_audio

    with progress() as bar:
        task = bar.add_task("opening audio", total=None, note="")
        return check_audio(
            scan.manifest, lambda done, total: bar.update(task, completed=done, total=total)
        )


def _print_problems(problems: Iterable[Problem], to: Console) -> None:
    for problem in problems:
        to.print(str(problem), markup=False)


def _print_counts(scan: Scan, *, n_problems: int) -> None:
    from timbrespace.corpora import count_manifest

    counts = count_manifest(scan.manifest)
    table = Table("what", "how many")
    table.columns[1].justify = "right"
    table.add_row("problems", f"{n_problems:,}")
    table.add_row("sounds", f"{counts.n_sounds:,}")
    table.add_row("instruments", f"{counts.n_instruments:,}")
    hours = "not known" if counts.hours is None else f"{counts.hours:,.2f}"
    table.add_row("hours", hours, end_section=True)
    for word, numbers in (("family", counts.families), ("split", counts.splits)):
        for name, number in numbers.items():
            table.add_row(f"{word} {name or 'none'}", f"{number:,}")
        table.add_section()
    console().print(table)
