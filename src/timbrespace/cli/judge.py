"""`timbrespace judge`: how good a tagger is on labelled excerpts.

Comes in: a manifest of labelled excerpts, and a tagger. Goes out: its scores on standard output
and, if asked for, a report.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.flags import faults_by_flag
from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)
from timbrespace.cli.tables import print_table
from timbrespace.cli.taggers import add_tagger_option, quick_tagger

_DESCRIPTION = """Measure how well a tagger says which instruments lead, on excerpts of which it is
known and that it did not learn from: F1, LRAP, mAP and calibration error, class by class.

Decisions are made with the tagger's own thresholds, which were chosen on other excerpts. Classes
that only the excerpts or only the tagger has are not judged, and are named."""

_EPILOG = """OUT holds report.html (tables, ROC curves, confusion, calibration, scores by the number
of instruments), report.json, tables.md, tables.tex and figures/. What is heard lies packed
beside the manifest.

Examples:
  timbrespace corpora manifest irmas ~/sounds/IRMAS --out irmas.parquet
  timbrespace judge irmas.parquet
  timbrespace judge irmas.parquet --model runs/irmas/tagger --out judged

Exit codes: 0 done; 1 done, but some sounds could not be read; 2 wrong input; 130 stopped."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    command = command_parser("judge", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    add("manifest", type=Path, help="excerpts with labels (Parquet)")
    add_tagger_option(command)
    add(
        "--split",
        choices=["train", "valid", "test"],
        default="test",
        help="which excerpts (default: test; all, if none has a split)",
    )
    add("--threshold", type=float, metavar="P", help="of every class (default: each one's own)")
    add("--out", type=Path, metavar="FOLDER", help="write a report")
    return command


def run(args: Namespace) -> int:
    """Judge; 0, or 1 if some sounds could not be read."""
    from timbrespace.evaluation.report import write_report
    from timbrespace.manifest import read_manifest
    from timbrespace.tagging.excerpts import open_excerpts, tag_classes
    from timbrespace.tagging.judgement import (
        check_classes,
        classes_table,
        judge_excerpts,
        judgement_sections,
        scores_table,
    )

    if args.out:
        check_output_folder(args.out)
    tagger = quick_tagger(args)
    with faults_by_flag({"threshold": "--threshold"}):
        tagger.check_options(None, args.threshold)
    manifest = read_manifest(args.manifest)
    check_classes(tagger, tag_classes(manifest))
    split = args.split if manifest["split"].null_count < manifest.num_rows else None
    try:
        with progress() as bars:
            excerpts = open_excerpts(
                manifest,
                args.manifest.with_suffix(f".{split}.excerpts" if split else ".excerpts"),
                sample_rate_hz=tagger.sample_rate_hz,
                progress=bars,
                split=split,
            )
            task = bars.add_task("judging", total=excerpts.rows.num_rows, note="")
            found = judge_excerpts(
                tagger,
                excerpts,
                threshold=args.threshold,
                on_progress=lambda n: bars.advance(task, n),
            )
    except KeyboardInterrupt:
        sys.stderr.write("\ntimbrespace judge: stopped.\n")
        return 130
    list_problems(excerpts.store.problems)
    for table in (scores_table(found), classes_table(found)):
        print_table(table)
    for told in found.not_judged:
        console().print(told, markup=False)
    if args.out:
        what = f"The {split or 'labelled'} excerpts of {args.manifest.name}."
        sections = judgement_sections(found, what=what)
        page = write_report(sections, args.out, title=f"Tagger {tagger.name}, judged")
        console().print(f"report: {page}", markup=False)
    return 1 if excerpts.store.problems else 0
