"""`timbrespace tune`: a tagger of the instruments that lead in music.

Comes in: a manifest of labelled excerpts, and an encoder to start from. Goes out: a run's folder
with the tagger in it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import ENCODER_HELP
from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
    shown,
)
from timbrespace.cli.tables import print_table

if TYPE_CHECKING:
    from timbrespace.tagging import Tagger
    from timbrespace.tagging.excerpts import Excerpts
    from timbrespace.tagging.run import Start

_DESCRIPTION = """Train a tagger: which instruments lead in music, several or none of them.

It starts from an encoder that was trained on notes, or from the random weights of a recipe.
Excerpts of split "train" are trained on (all, if none has a split), those of split "valid" choose
the thresholds, those of split "test" are judged. Stop it at any moment: the same command goes on to
the tagger that it would have reached undisturbed."""

_EPILOG = """OUT holds settings.json, metrics.csv (every tenth step), probabilities.parquet (of
splits valid and test), checkpoints/ and tagger/ (for use). The excerpts lie packed beside the
manifest.

Settings, with what they are unless changed: loss=bce (focal, class-balanced), focusing=2,
beta=0.999, frozen=false, calibrated=false, fraction=1, clip_s=1, batch_size=64, schedule.epochs=40
(null, with schedule.steps=N), schedule.learning_rate=0.00025, mixup.probability=0,
augmentation.room=0 (and other effects), seed=10.

Examples:
  timbrespace tune mixes/manifest.parquet --out runs/tagger
  timbrespace tune irmas.parquet --from runs/base/encoder --out runs/irmas --set frozen=true
  timbrespace tune irmas.parquet --random zhong2023-base --out runs/scratch

Exit codes: 0 done; 1 done, but some sounds could not be read; 2 wrong input or settings;
130 stopped."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    command = command_parser("tune", _DESCRIPTION, _EPILOG)
    add = command.add_argument
    add("manifest", type=Path, help="excerpts with labels (Parquet)")
    add("--out", type=Path, required=True, metavar="FOLDER", help="of the run")
    add("--from", dest="source", default="default", metavar="ENCODER", help=ENCODER_HELP)
    add("--random", metavar="RECIPE", help="start from this recipe's random weights instead")
    add(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help="change settings",
    )
    add("--name", help="of the tagger (default: that of the folder)")
    add("--card", type=Path, metavar="FILE", help="model card that travels with the tagger")
    return command


def run(args: Namespace) -> int:
    """Train; 0, or 1 if some sounds could not be read."""
    from timbrespace.manifest import read_manifest
    from timbrespace.models import keep_freed_memory
    from timbrespace.tagging.excerpts import open_excerpts
    from timbrespace.tagging.run import train_tagger
    from timbrespace.tagging.tuning import fine_tuning_of

    settings = fine_tuning_of(args.set)
    check_output_folder(args.out)
    keep_freed_memory()
    start = _start(args, settings.seed)
    card = args.card.read_text(encoding="utf-8") if args.card else None
    try:
        with progress() as bars:
            excerpts = open_excerpts(
                read_manifest(args.manifest),
                args.manifest.with_suffix(".excerpts"),
                sample_rate_hz=start.trunk.sample_rate_hz,
                progress=bars,
            )
            name = args.name or args.out.resolve().name
            tagger = train_tagger(
                excerpts, start, args.out, settings, name=name, progress=bars, card=card
            )
    except KeyboardInterrupt:
        sys.stderr.write("\ntimbrespace tune: stopped; the same command goes on.\n")
        return 130
    list_problems(excerpts.store.problems)
    _print_scores(tagger, excerpts, args.out)
    console().print(f"tagger: {args.out / 'tagger'}")
    if (metrics := args.out / "metrics.csv").is_file():  # not of a run of few steps
        console().print(f"loss, step by step: {metrics}")
    return 1 if excerpts.store.problems else 0


def _print_scores(tagger: Tagger, excerpts: Excerpts, run: Path) -> None:
    """What the tagger is worth, and what it never says."""
    from timbrespace.tagging.judgement import classes_table, judgement_of, scores_table

    if len(excerpts.of_split("test")):
        found = judgement_of(tagger, excerpts, run)
        for table in (scores_table(found), classes_table(found)):
            print_table(table)
    never = [name for name, at in zip(tagger.classes, tagger.thresholds, strict=True) if at > 1]
    if never:
        console().print(
            f"never said, since no excerpt of split valid has them: {', '.join(map(shown, never))}"
        )


def _start(args: Namespace, seed: int) -> Start:
    from timbrespace.models import encoder_hash, load_encoder, quickest_precision
    from timbrespace.models.speed import quickest_device
    from timbrespace.tagging.run import Start
    from timbrespace.training import build_recipe
    from timbrespace.training.recipes import recipe_layers

    if args.random:
        encoder = build_recipe(recipe_layers(args.random), [f"seed={seed}"]).encoder
        origin = f"random {args.random}"
    else:
        encoder = load_encoder(args.source)
        origin = f"{encoder.name} {encoder_hash(encoder)}"
    encoder.precision = quickest_precision(quickest_device())
    return Start(encoder, origin)
