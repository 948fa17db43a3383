"""`timbrespace verify`: how well embeddings tell instruments apart.

Comes in: embeddings tables and the arguments as typed. Goes out: tables on standard output and, if
asked for, figures and a JSON file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.shared import check_output, command_parser, console, progress, shown

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from timbrespace.cli.verify_output import Found
    from timbrespace.evaluation.significance import Comparison

    Pairs = tuple[list[Comparison], list[Comparison]]

_DESCRIPTION = """Enrol every instrument by a few notes, compare other notes with it, count errors.

The equal error rate (EER) is the share of wrong answers to "is this note of that instrument?" at
the threshold where notes of the instrument are refused as often as notes of others are accepted:
0 % is perfect, 50 % is guessing. Notes that enrol are never tested. The mean over several random
enrolments is printed with its 95 % intervals."""

_EPILOG = """Examples:
  timbrespace verify --embeddings mine.parquet --baseline mfcc
  timbrespace verify --embeddings ours.parquet theirs.npz --figure det.svg --by instrument family
  timbrespace verify --embeddings mine.csv --protocol paper --split test
  timbrespace verify --embeddings mel=m1.parquet mel=m2.parquet cqt=c1.parquet cqt=c2.parquet \\
      --significance --matrix pairs.svg
  timbrespace verify --embeddings mine.parquet --cohort default

Embeddings of any origin are read from .parquet, .npz and .csv. Several tables must hold the same
sounds (equal ids): all are scored on the same trials. Files of one NAME are seeds of one system.
A cohort normalises the scores of those tables that its own encoder made; its instruments must not
be among those that are told apart.

Exit code: 0 done, 2 the tables or settings cannot be used."""

_BASELINE_NAME = "MFCC statistics"
_FLAGS = {
    "enrolment_notes": "--enrolment-notes",
    "pool_notes": "--pool-notes",
    "drop_short": "--drop-short",
    "cohort_nearest": "--cohort-nearest",
    "the exhaustive protocol": "--protocol exhaustive",
    "n_resamples": "--bootstrap",
    "p_target": "--min-dcf",
    "repeats must": "--repeats must",
    "seed must": "--seed must",
}


class _Asked(NamedTuple):
    """What is to be verified.

    Attributes:
        vectors: of each run.
        sounds: that all runs share.
        systems: the system of each run.
        cohorts: of the runs whose scores are normalised.
    """

    vectors: dict[str, npt.ArrayLike]
    sounds: pa.Table
    systems: dict[str, str]
    cohorts: dict[str, npt.ArrayLike]


def parser() -> ArgumentParser:
    """Parser of the command."""
    verify = command_parser("verify", _DESCRIPTION, _EPILOG)
    add = verify.add_argument
    files: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    count: dict[str, Any] = {"type": int, "metavar": "N"}
    add(
        "--embeddings",
        nargs="+",
        action="extend",
        required=True,
        metavar="[NAME=]FILE",
        help="tables that `embed` wrote, or anyone's .parquet, .npz or .csv",
    )
    add(
        "--protocol",
        choices=["exhaustive", "paper"],
        default="exhaustive",
        help="exhaustive (default): every note against every instrument; paper: equal pools",
    )
    add("--enrolment-notes", default=5, help="notes averaged for each instrument (5)", **count)
    add(
        "--pool-notes",
        default=20,
        help="paper: so many notes of its own, and of others, test each instrument (20)",
        **count,
    )
    add("--repeats", default=10, help="random draws of enrolment notes (10)", **count)
    add("--seed", default=0, help="of the random draws (0)", **count)
    add("--label", default="instrument", metavar="COLUMN", help="what is told apart (instrument)")
    add("--split", default="", metavar="NAME", help="take only this split of the tables")
    add("--pitched", action="store_true", help="leave out sounds whose pitch is unknown")
    add("--drop-short", action="store_true", help="leave out instruments with too few notes")
    add(
        "--cohort",
        nargs="+",
        action="extend",
        default=[],
        metavar="[NAME=]FILE",
        help="normalise scores (AS-norm) by the instruments of this table of embeddings; "
        "default: by those that the encoder that comes along was trained on",
    )
    add(
        "--cohort-nearest",
        default=100,
        help="instruments of the cohort, the most alike, that each note is compared with (100)",
        **count,
    )
    add("--baseline", choices=["mfcc"], help="also score MFCC statistics, made from the sounds")
    add(
        "--by",
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN",
        help="also the EER of each instrument …",
    )
    add(
        "--min-dcf",
        type=float,
        metavar="P",
        help="also the lowest detection cost where a share P of trials are targets, as 0.01",
    )
    add(
        "--bootstrap",
        default=1000,
        help="draws of instruments for the interval over instruments (1000); 0 for none",
        **count,
    )
    add("--significance", action="store_true", help="test every pair of systems")
    add("--figure", help="draw DET curves to this .svg, .png or .pdf", **files)
    add("--histogram", help="draw the scores of trials to this file", **files)
    add("--matrix", help="draw which systems differ significantly to this file", **files)
    add("--json", help="write all numbers to this file", **files)
    return verify


def run(args: Namespace) -> int:
    """Verify every table, print, draw and write what was asked for."""
    from timbrespace.cli.verify_output import print_groups, print_pairs, print_rates, print_seeds
    from timbrespace.evaluation import nearest_neighbour_accuracy
    from timbrespace.evaluation.comparison import compare_runs, seed_summaries
    from timbrespace.evaluation.figures import check_figure_path

    for figure in filter(None, (args.figure, args.histogram, args.matrix)):
        check_figure_path(figure)
    for place in filter(None, (args.figure, args.histogram, args.matrix)):
        check_output(place)
    if args.json:
        check_output(args.json, suffixes=(".json",))
    asked = _read(args)
    with faults_by_flag(_FLAGS):
        found = _verified(args, asked)
    labels = asked.sounds[args.label].to_pylist()
    accuracy = {name: nearest_neighbour_accuracy(v, labels) for name, v in asked.vectors.items()}
    pairs = compare_runs(found, label=args.label) if args.significance or args.matrix else None
    out = console()
    print_rates(out, found, accuracy, label=args.label, min_dcf=args.min_dcf is not None)
    print_seeds(out, seed_summaries(found, asked.systems))
    for column in args.by:
        print_groups(out, found, column)
    if args.significance and pairs:
        print_pairs(out, *pairs)
    _draw(args, found, pairs)
    if args.json:
        _write_json(args, found, accuracy, asked.systems, pairs)
    return 0


def _read(args: Namespace) -> _Asked:
    from timbrespace.embeddings import vectors_of
    from timbrespace.evaluation.comparison import read_runs
    from timbrespace.evaluation.tables import check_same_sounds

    runs = read_runs(args.embeddings, split=args.split)
    tables = {name: _rows_to_verify(args, name, run.table) for name, run in runs.items()}
    check_same_sounds(tables, args.label)
    vectors: dict[str, npt.ArrayLike] = {name: vectors_of(t) for name, t in tables.items()}
    systems = {name: run.system for name, run in runs.items()}
    sounds = next(iter(tables.values()))
    cohorts: dict[str, npt.ArrayLike] = {}
    if args.cohort:
        from timbrespace.evaluation.cohorts import cohorts_of_runs

        taken = {name: run._replace(table=tables[name]) for name, run in runs.items()}
        cohorts.update(cohorts_of_runs(args.cohort, taken))
    if args.baseline:
        vectors[_BASELINE_NAME] = _mfcc_baseline(sounds)
        systems[_BASELINE_NAME] = _BASELINE_NAME
    return _Asked(vectors, sounds, systems, cohorts)


def _rows_to_verify(args: Namespace, name: str, table: pa.Table) -> pa.Table:
    from timbrespace.evaluation.tables import labelled_rows, pitched_rows

    labelled = labelled_rows(table, args.label)
    _say_left_out(name, table.num_rows - labelled.num_rows, f"without {args.label}")
    if not args.pitched:
        return labelled
    pitched = pitched_rows(labelled)
    _say_left_out(name, labelled.num_rows - pitched.num_rows, "of unknown pitch")
    return pitched


def _say_left_out(name: str, n_rows: int, which: str) -> None:
    if n_rows:
        console().print(f"{shown(name)}: {n_rows} rows {which} left out")


def _mfcc_baseline(sounds: pa.Table) -> npt.ArrayLike:
    import numpy as np

    from timbrespace.evaluation import standardise
    from timbrespace.evaluation.baseline import mfcc_vectors

    vectors = []
    with progress() as bar:
        task = bar.add_task(_BASELINE_NAME, total=sounds.num_rows, note="")
        for vector in mfcc_vectors(sounds):
            vectors.append(vector)
            bar.advance(task)
    return standardise(np.stack(vectors))


def _verified(args: Namespace, asked: _Asked) -> Found:
    from timbrespace.evaluation import verify
    from timbrespace.evaluation.tables import check_label

    columns = [*args.by, *([args.label] if args.significance or args.matrix else [])]
    for column in columns:
        check_label(column)
    groups = {column: asked.sounds[column].to_pylist() for column in columns}
    options = ("protocol", "enrolment_notes", "pool_notes", "repeats", "seed", "drop_short")
    settings = {name: args[name] for name in (*options, "cohort_nearest")}
    settings |= {"groups": groups, "n_resamples": args.bootstrap}
    if args.min_dcf is not None:
        settings["p_target"] = args.min_dcf
    labels = asked.sounds[args.label].to_pylist()
    return {
        name: verify(v, labels, cohort=asked.cohorts.get(name), **settings)
        for name, v in asked.vectors.items()
    }


def _draw(args: Namespace, found: Found, pairs: Pairs | None) -> None:
    from timbrespace.evaluation.figures import det_figure, save_figure
    from timbrespace.evaluation.verification_figures import histogram_figure, significance_figure

    if args.figure:
        save_figure(det_figure(found), args.figure)
    if args.histogram:
        save_figure(histogram_figure(found), args.histogram)
    if args.matrix and pairs:
        eers = {name: result.eer for name, result in found.items()}
        save_figure(significance_figure(eers, *pairs), args.matrix)


def _write_json(
    args: Namespace,
    found: Found,
    accuracy: dict[str, float],
    systems: dict[str, str],
    pairs: Pairs | None,
) -> None:
    from timbrespace.cli.verify_output import record

    chosen = {"embeddings": args.embeddings, "label": args.label, "split": args.split or None}
    chosen |= {"pitched": args.pitched, "cohort": args.cohort or None}
    numbers = {**chosen, **record(found, accuracy, systems, pairs)}
    args.json.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
