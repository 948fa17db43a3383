"""`timbrespace retrieve`: what a search by sound finds.

Comes in: embeddings tables and the arguments as typed. Goes out: a table of each on standard output
and, if asked for, a JSON file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.box import SIMPLE_HEAD
from rich.table import Table

from timbrespace.cli.records import write_systems
from timbrespace.cli.shared import check_output, command_parser, console, progress, shown

if TYPE_CHECKING:
    from timbrespace.evaluation.robustness import SearchResults

_DESCRIPTION = """Search with every sound for its like: what are the nearest others?

  instrument  other notes of the same instrument
  family      notes of other instruments of the same family
  octave      the same instrument, one or two octaves away
  loudness    the same instrument, pitch and technique, at another velocity or dynamic
  maker       the same instrument by another maker

A sound is never its own answer; notes of its own kind that are not asked for (as other octaves) are
left out of the ranking. Recall at k is the share of sounds with a right answer among their k
nearest; mAP, the mean average precision, judges the whole ranking; chance is what a random order
has as recall at 1. All are shares, 100 % is best. The silhouette says whether families lie apart
(1) or mixed (0)."""

_EPILOG = """Examples:
  timbrespace retrieve --embeddings mine.parquet
  timbrespace retrieve --embeddings ours.parquet theirs.csv --split test --json found.json

Several tables must hold the same sounds (equal ids). A search whose columns are missing is
skipped, with the reason.

Exit code: 0 done, 2 the tables or settings cannot be used."""


def parser() -> ArgumentParser:
    """Parser of the command."""
    retrieve = command_parser("retrieve", _DESCRIPTION, _EPILOG)
    add = retrieve.add_argument
    files: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    add(
        "--embeddings",
        nargs="+",
        action="extend",
        required=True,
        help="tables: .parquet, .npz or .csv",
        **files,
    )
    add("--k", nargs="+", type=int, default=[1, 5, 10], metavar="K", help="neighbours (1 5 10)")
    add("--split", default="", metavar="NAME", help="take only this split of the tables")
    add("--json", help="write all numbers to this file", **files)
    return retrieve


def run(args: Namespace) -> int:
    """Search in every table, print and write what was asked for."""
    from timbrespace.embeddings import vectors_of
    from timbrespace.evaluation.robustness import search_all
    from timbrespace.evaluation.systems import read_systems
    from timbrespace.evaluation.tables import check_same_sounds

    if args.json:
        check_output(args.json, suffixes=(".json",))
    tables = read_systems(args.embeddings, split=args.split)
    check_same_sounds(tables, "instrument")
    found = {}
    with progress() as bar:
        task = bar.add_task("searches", total=len(tables), note="")
        for name, table in tables.items():
            found[name] = search_all(vectors_of(table), table, ks=tuple(args.k))
            bar.advance(task)
    for name, result in found.items():
        _print_result(name, result)
    for name, reason in next(iter(found.values())).skipped.items():
        console().print(f"{name}: skipped, {reason}", markup=False)
    if args.json:
        write_systems(args, found)
    return 0


def _print_result(name: str, result: SearchResults) -> None:
    ks = next(iter(result.found.values())).recall
    columns = ("queries", "chance", *(f"recall at {k}" for k in ks), "mAP")
    table = Table(title=shown(name), box=SIMPLE_HEAD, pad_edge=False)
    table.show_edge, table.collapse_padding = False, True
    table.add_column("search, %", no_wrap=True)
    for column in columns:
        table.add_column(column, min_width=max(map(len, column.split())))
    for search, found in result.found.items():
        rates = (found.chance, *found.recall.values(), found.mean_average_precision)
        table.add_row(search, f"{found.n_queries:,}", *(f"{100 * rate:.1f}" for rate in rates))
    console().print(table)
    for label, value in result.silhouettes.items():
        console().print(f"{label} silhouette {value:.3f}")
