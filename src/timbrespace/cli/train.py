"""`timbrespace train`: an encoder by a recipe.

Comes in: a recipe, a manifest. Goes out: a run's folder with the encoder in it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.encoders import ENCODER_HELP
from timbrespace.cli.shared import (
    check_output_folder,
    command_parser,
    console,
    list_problems,
    progress,
)

_DESCRIPTION = """Train an encoder of instrument timbre by a recipe.

A recipe names the parts of the encoder, the tasks, the examples and the schedule; those that ship
are listed by --list. Training takes the manifest's rows of split "train" (all rows if none has a
split). Stop it at any moment: with --resume it goes on to the weights that it would have reached
undisturbed."""

_EPILOG = """The run's folder holds recipe.yaml (every setting, resolved), run.json, classes.json,
metrics.csv, tensorboard/, checkpoints/last.ckpt (for --resume) and encoder/ (for use).

Examples:
  timbrespace train small --manifest notes.parquet --out runs/small
  timbrespace train shi2022-base --manifest nsynth.parquet --out runs/a --set seed=100
  timbrespace train small --manifest notes.parquet --out runs/small --resume
  timbrespace train my_recipe.yaml --manifest notes.parquet --out runs/mine

Exit codes: 0 done; 1 done, but some sounds could not be read; 2 wrong input or settings."""


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("train", _DESCRIPTION, _EPILOG)
    parser.add_argument("recipe", nargs="?", help="a recipe that ships, or a YAML file")
    parser.add_argument("--manifest", type=Path, help="sounds to train on (Parquet)")
    parser.add_argument("--out", type=Path, help="folder of the run")
    parser.add_argument(
        "--notes", type=Path, help="folder of the packed notes (default: beside the manifest)"
    )
    parser.add_argument(
        "--from", dest="source", metavar="ENCODER", help=f"encoder to start from: {ENCODER_HELP}"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="KEY=VALUE",
        help="change settings of the recipe",
    )
    parser.add_argument("--list", action="store_true", help="list the recipes that ship")
    return parser


def run(args: Namespace) -> int:
    """Train; 0, or 1 if some sounds could not be read."""
    from timbrespace.errors import ConfigError
    from timbrespace.training.recipes import recipe_layers, recipe_names

    if args.list:
        console().print("\n".join(recipe_names()))
        return 0
    if not (args.recipe and args.manifest and args.out):
        raise ConfigError("train needs a recipe, --manifest and --out; see --help.")

    from timbrespace.manifest import read_manifest
    from timbrespace.models import keep_freed_memory
    from timbrespace.training import build_recipe, open_run, train

    check_output_folder(args.out)
    keep_freed_memory()
    manifest = read_manifest(args.manifest)
    recipe = build_recipe(recipe_layers(args.recipe), args.set)
    open_run(args.out, recipe, resume=args.resume)
    notes = args.notes or args.manifest.with_suffix(".notes")
    try:
        with progress() as bars:
            problems = train(
                recipe,
                manifest,
                args.out,
                notes=notes,
                name=Path(args.recipe).stem,
                source=args.source,
                progress=bars,
            )
    except KeyboardInterrupt:
        sys.stderr.write("\ntimbrespace train: stopped; the same command with --resume goes on.\n")
        return 130
    list_problems(problems)
    console().print(f"encoder: {args.out / 'encoder'}\nmetrics: {args.out / 'metrics.csv'}")
    return 1 if problems else 0
