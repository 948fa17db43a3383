"""`timbrespace probe`: what embeddings know.

Comes in: embeddings tables and the arguments as typed. Goes out: a table of each on standard output
and, if asked for, a figure and a JSON file.
"""

from __future__ import annotations

import math
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.table import Table

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.records import write_systems
from timbrespace.cli.shared import check_output, command_parser, console, progress, shown

if TYPE_CHECKING:
    import pyarrow as pa

    from timbrespace.evaluation.probing_results import Mean, Probing
    from timbrespace.evaluation.probing_tasks import Task

_DESCRIPTION = """Learn simple classifiers on embeddings: what can be read from them?

Notes are split 8:1:1. A multilayer perceptron (MLP), a support vector machine (SVM) and a decision
tree learn family, source, octave, velocity, dynamics or playing technique from the first part, have
their settings chosen on the second and are scored on the third, against always saying the most
frequent class, the majority. F1 is the mean of precision and recall: micro is the share of notes
that is right, macro weighs all classes the same. A relative improvement I of 0 is no better than
the majority, 1 twice as good; chance is what guessing evenly gets right. Numbers are means over
random splits, ± their standard deviation."""

_EPILOG = """Examples:
  timbrespace probe --embeddings mine.parquet
  timbrespace probe --embeddings ours.parquet theirs.npz --tasks family octave --figure probes.svg
  timbrespace probe --embeddings mine.parquet --protocol stratified --repeats 1 --json probes.json

Several tables must hold the same sounds (equal ids): all are probed on the same splits. A task
whose labels are missing or too few is skipped, with the reason.

Exit code: 0 done, 2 the tables or settings cannot be used."""

_FLAGS = {
    "repeats must": "--repeats must",
    "seed must": "--seed must",
    "max_notes": "--max-notes",
    "n_workers": "--workers",
}


def parser() -> ArgumentParser:
    """Parser of the command."""
    probe = command_parser("probe", _DESCRIPTION, _EPILOG)
    add = probe.add_argument
    files: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    count: dict[str, Any] = {"type": int, "metavar": "N"}
    add("--embeddings", nargs="+", required=True, help="tables: .parquet, .npz or .csv", **files)
    add("--tasks", nargs="+", metavar="TASK", help="only these, as family octave; all if not given")
    add(
        "--protocol",
        choices=["grouped", "stratified"],
        default="grouped",
        help="grouped (default): no instrument is in two parts; stratified: as published",
    )
    add("--repeats", default=5, help="random splits (5)", **count)
    add("--seed", default=0, help="of splits and classifiers (0)", **count)
    add("--max-notes", default=10_000, help="of a task with more, so many are drawn", **count)
    add("--workers", help="processes; all cores if not given", **count)
    add("--split", default="", metavar="NAME", help="take only this split of the tables")
    add("--figure", help="draw relative improvements to this .svg, .png or .pdf", **files)
    add("--json", help="write all numbers to this file", **files)
    return probe


def run(args: Namespace) -> int:
    """Probe every table, print, draw and write what was asked for."""
    from timbrespace.evaluation.figures import check_figure_path, save_figure
    from timbrespace.evaluation.probing_figures import probing_figure
    from timbrespace.evaluation.systems import read_systems
    from timbrespace.evaluation.tables import check_same_sounds

    if args.figure:
        check_figure_path(args.figure)
    for place in filter(None, (args.figure,)):
        check_output(place)
    if args.json:
        check_output(args.json, suffixes=(".json",))
    tables = read_systems(args.embeddings, split=args.split)
    check_same_sounds(tables, "instrument")
    with faults_by_flag(_FLAGS):
        found = {name: _probed(args, name, table) for name, table in tables.items()}
    for name, result in found.items():
        _print_result(name, result)
    _print_settings(next(iter(found.values())))
    if args.figure:
        save_figure(probing_figure(found), args.figure)
    if args.json:
        write_systems(args, found)
    return 0


def _probed(args: Namespace, name: str, table: pa.Table) -> Probing:
    from timbrespace.embeddings import vectors_of
    from timbrespace.evaluation.probing import probe
    from timbrespace.evaluation.probing_tasks import TASKS

    with progress() as bar:
        task = bar.add_task(name, total=None, note="")
        return probe(
            vectors_of(table),
            table,
            tasks=args.tasks or list(TASKS),
            protocol=args.protocol,
            repeats=args.repeats,
            seed=args.seed,
            max_notes=args.max_notes,
            n_workers=args.workers,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _print_result(name: str, result: Probing) -> None:
    columns = ("task", "classifier", "micro F1", "macro F1", "I micro", "I macro")
    table = Table(*columns, title=shown(name))
    for task in result.tasks:
        means = [mean for mean in result.means if mean.task == task.name]
        for about, cells in zip_longest(_about(task), _rows(means), fillvalue=""):
            table.add_row(about, *cells)
        table.add_section()
    console().print(table)


def _about(task: Task) -> list[str]:
    record = task.as_record()
    numbers = f"{len(record['classes'])} classes", f"{task.rows.size:,} notes"
    return [task.name, *numbers, f"chance {100 * record['chance']:.1f}"]


def _rows(means: list[Mean]) -> list[list[str]]:
    majority = f"{100 * means[0].majority_micro:.1f}", f"{100 * means[0].majority_macro:.1f}"
    return [["majority", *majority]] + [
        [
            mean.classifier,
            _percent(mean.micro, mean.micro_sd),
            _percent(mean.macro, mean.macro_sd),
            _times(mean.improvement_micro),
            _times(mean.improvement_macro),
        ]
        for mean in means
    ]


def _percent(mean: float, deviation: float) -> str:
    spread = "" if math.isnan(deviation) else f"±{100 * deviation:.1f}"
    return f"{100 * mean:.1f}{spread}"


def _times(improvement: float) -> str:
    return "–" if math.isnan(improvement) else f"{improvement:+.2f}"


def _print_settings(result: Probing) -> None:
    out = console()
    for task in result.tasks:
        if task.left_out:
            left_out = ", ".join(task.left_out)
            out.print(f"{task.name}: too few notes or instruments: {left_out}", markup=False)
    for name, reason in result.skipped.items():
        out.print(f"{name}: skipped, {reason}", markup=False)
    out.print(
        f"F1 in %, mean ± deviation of {result.repeats} splits, {result.protocol} protocol, seed "
        f"{result.seed}; I is the relative improvement over the majority"
    )
