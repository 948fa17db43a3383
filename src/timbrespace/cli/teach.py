"""`timbrespace teach`: a classifier of a person's own classes.

Comes in: a folder of class folders or a table, and an encoder. Goes out: a classifier's file, an
encoder if it was fine-tuned, and how good they are on sounds held out.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.shared import (
    check_output,
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)
from timbrespace.cli.teach_output import print_judgement, record_of

if TYPE_CHECKING:
    import pyarrow as pa

    from timbrespace.identification import Classifier, Judgement, Lesson, Taught
    from timbrespace.models import Encoder

_DESCRIPTION = """Teach a classifier from sounds: FOLDER/snare/a.wav is a sound of the class snare,
FOLDER/snare/vintage/b.wav another one. Two classes of three sounds each are enough to begin with.

The classifier (a logistic regression on embeddings, a few hundred kilobytes) is judged on sounds
that were held out: how often it is right, what it takes for what, and whether its probabilities
mean what they say. Files of one recording should not judge each other: put them into one subfolder
and say `--groups folder`. Tables (.parquet) are taken too: a manifest, or embeddings by
`timbrespace embed`; --label names the column to tell.

--fine-tune trains the encoder itself on the sounds. To be judged it is trained anew without each of
three folds, so it takes minutes; both results are printed. It is written beside the classifier, in
the folder mine.encoder for mine.safetensors."""

_EPILOG = """Examples:
  timbrespace teach my_drums --out drums.safetensors
  timbrespace identify loop.wav --model drums.safetensors
  timbrespace teach notes.parquet --label technique --out technique.safetensors
  timbrespace teach my_drums --groups folder --fine-tune --out drums.safetensors

Exit codes: 0 done; 1 done, but some files or classes were left out (they are listed); 2 wrong
input."""


_FOLDS = {False: 5, True: 3}  # by --fine-tune, which trains anew for each


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("teach", _DESCRIPTION, _EPILOG)
    add = parser.add_argument
    add("source", type=Path, help="a folder of class folders, a manifest or embeddings (.parquet)")
    add("--out", type=Path, required=True, help="the classifier's file, .safetensors")
    add("--label", default="instrument", metavar="COLUMN", help="what to tell (instrument)")
    add(
        "--groups",
        metavar="COLUMN",
        help="sounds of equal value are held out together: a column, or `folder`, where a file "
        "lies (default: the instrument, where another label is told)",
    )
    add(
        "--judge-splits",
        nargs="+",
        default=[],
        metavar="SPLIT",
        help="choose settings and judge by these splits only, which the encoder was not trained on",
    )
    add(
        "--test",
        type=Path,
        metavar="SOURCE",
        help="judge on these sounds, too: a folder or table of other origin",
    )
    add("--max-sounds", type=int, default=30_000, help="of more, so many are drawn (30000)")
    add("--encoder", default="default", metavar="NAME", help="name or folder of an encoder")
    add("--fine-tune", action="store_true", help="train the encoder too")
    add("--steps", type=int, default=300, help="of the fine-tuning (300)")
    add("--seed", type=int, default=0, help="of folds, draws and batches (0)")
    add("--json", type=Path, metavar="FILE", help="write the judgement to this file")
    return parser


def run(args: Namespace) -> int:
    """Teach; 0, or 1 if files or classes were left out."""
    from timbrespace.identification import save_classifier, teach
    from timbrespace.identification.files import check_name

    check_name(args.out)
    check_output(args.out)
    if args.json:
        check_output(args.json, suffixes=(".json",))
    encoder = _encoder(args)
    lesson, problems = _lesson(args, encoder)
    taught = teach(lesson, n_folds=_FOLDS[args.fine_tune], seed=args.seed)
    records = {"as it is": _reported(lesson.names, taught.judgement, lesson.grouped_by)}
    if args.fine_tune:
        encoder, taught = _fine_tuned(args, lesson, encoder)
        console().print("\nfine-tuned, anew without each fold:")
        records["fine-tuned"] = _reported(lesson.names, taught.judgement, lesson.grouped_by)
    if args.test:
        judgement, bad = _tested(args.test, taught.classifier, encoder)
        console().print(f"\n{args.test}:", markup=False)
        records["test"] = _reported(lesson.names, judgement)
        problems += bad
    save_classifier(taught.classifier, args.out)
    if args.json:
        args.json.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    list_problems(problems)
    console().print(f"classifier: {args.out}", markup=False)
    return 1 if problems else 0


def _lesson(args: Namespace, encoder: Encoder) -> tuple[Lesson, list[str]]:
    """The lesson, embedded, and a line for all that is left out."""
    from timbrespace.identification import gather_lesson, lesson_of

    lesson_from = partial(
        lesson_of,
        label=args.label,
        groups=args.groups,
        judge_splits=args.judge_splits,
        max_sounds=args.max_sounds,
        seed=args.seed,
    )
    table, problems = gather_lesson(args.source)
    if "embedding" not in table.column_names:
        drawn, left_out = lesson_from(table)
        table, bad = _embedded(drawn.rows, encoder)
        problems += left_out + bad
    lesson, left_out = lesson_from(table)
    return lesson, problems + left_out


def _tested(source: Path, classifier: Classifier, encoder: Encoder) -> tuple[Judgement, list[str]]:
    """The judgement on other sounds, and a line for each that is bad."""
    from timbrespace.identification import gather_lesson, judge_on

    table, problems = gather_lesson(source)
    if "embedding" not in table.column_names:
        table, bad = _embedded(table, encoder)
        problems += bad
    return judge_on(classifier, table), problems


def _embedded(manifest: pa.Table, encoder: Encoder) -> tuple[pa.Table, list[str]]:
    from timbrespace.identification import embed_lesson

    with progress() as bars:
        task = bars.add_task("embedding", total=manifest.num_rows, note="")
        return embed_lesson(
            manifest, encoder, on_progress=lambda done: bars.update(task, completed=done)
        )


def _encoder(args: Namespace) -> Encoder:
    from timbrespace.models import keep_freed_memory, load_encoder, on_quickest_device

    keep_freed_memory()
    return on_quickest_device(load_encoder(args.encoder))


def _fine_tuned(args: Namespace, lesson: Lesson, encoder: Encoder) -> tuple[Encoder, Taught]:
    """Fine-tune, and write the encoder beside the classifier."""
    from timbrespace.identification import encoder_folder
    from timbrespace.identification.fine_tuning import FineTuning, teach_fine_tuned
    from timbrespace.models import save_encoder

    folder = encoder_folder(args.out)
    check_output_folder(folder)
    settings = FineTuning(steps=args.steps, n_folds=_FOLDS[True], seed=args.seed)
    with progress() as bars:
        tuned, taught = teach_fine_tuned(lesson, encoder, settings, progress=bars)
    save_encoder(tuned, folder, name=tuned.name)
    return tuned, taught


def _reported(
    names: tuple[str, ...], judgement: Judgement, grouped_by: str | None = None
) -> dict[str, Any]:
    """Print a judgement, and give it as a record."""
    print_judgement(console(), names, judgement, grouped_by=grouped_by)
    return record_of(names, judgement, grouped_by=grouped_by)
