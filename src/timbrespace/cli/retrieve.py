"""`timbrespace retrieve`: what a search by sound finds.

Comes in: embeddings tables and the arguments as typed. Goes out: a table of each on standard output
and, if asked for, a JSON file and a figure.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.records import write_systems
from timbrespace.cli.retrieve_output import print_gradation, print_searches
from timbrespace.cli.shared import check_output, command_parser, console, progress

if TYPE_CHECKING:
    import pyarrow as pa

    from timbrespace.evaluation.gradation import Gradation
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
(1) or mixed (0).

With --graded, distances are judged instead: does likeness fall from the same instrument to the same
kind, the same family and another family; is a kind of the same family nearer than one of another
(50 % is chance); does the order of distances follow the classification of Hornbostel and Sachs; and
which kinds are nearest to each (docs/gradation.md)."""

_EPILOG = """Examples:
  timbrespace retrieve --embeddings mine.parquet
  timbrespace retrieve --embeddings ours.parquet theirs.csv --split test --json found.json
  timbrespace retrieve --embeddings mine.parquet --graded --figure kinds.png

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
    add("--graded", action="store_true", help="judge whether distances are graded")
    add("--figure", help="with --graded: draw how near kinds lie, .svg, .png or .pdf", **files)
    return retrieve


def run(args: Namespace) -> int:
    """Search in every table or grade its distances, print and write what was asked for."""
    from timbrespace.evaluation.systems import read_systems
    from timbrespace.evaluation.tables import check_same_sounds

    _check_outputs(args)
    tables = read_systems(args.embeddings, split=args.split)
    check_same_sounds(tables, "instrument")
    found = _graded(args, tables) if args.graded else _searched(args, tables)
    if args.json:
        write_systems(args, found)
    return 0


def _check_outputs(args: Namespace) -> None:
    from timbrespace.errors import ConfigError
    from timbrespace.evaluation.figures import check_figure_path

    if args.json:
        check_output(args.json, suffixes=(".json",))
    if args.figure:
        if not args.graded:
            raise ConfigError("--figure shows how near kinds lie: it needs --graded.")
        check_figure_path(args.figure)
        check_output(args.figure)


def _searched(args: Namespace, tables: dict[str, pa.Table]) -> dict[str, SearchResults]:
    from timbrespace.embeddings import vectors_of
    from timbrespace.evaluation.robustness import search_all

    found = {}
    with progress() as bar:
        task = bar.add_task("searches", total=len(tables), note="")
        for name, table in tables.items():
            found[name] = search_all(vectors_of(table), table, ks=tuple(args.k))
            bar.advance(task)
    for name, result in found.items():
        print_searches(name, result)
    for name, reason in next(iter(found.values())).skipped.items():
        console().print(f"{name}: skipped, {reason}", markup=False)
    return found


def _graded(args: Namespace, tables: dict[str, pa.Table]) -> dict[str, Gradation]:
    from timbrespace.embeddings import vectors_of
    from timbrespace.evaluation.figures import save_figure
    from timbrespace.evaluation.gradation import grade
    from timbrespace.evaluation.gradation_figures import gradation_figure

    found = {}
    with progress() as bar:
        task = bar.add_task("gradation", total=len(tables), note="")
        for name, table in tables.items():
            found[name] = grade(vectors_of(table), table)
            bar.advance(task)
    for name, gradation in found.items():
        print_gradation(name, gradation)
    if args.figure:
        save_figure(gradation_figure(found), args.figure)
    return found
