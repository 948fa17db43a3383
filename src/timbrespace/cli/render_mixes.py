"""`timbrespace render mixes`: excerpts of music of which it is known which instruments lead.

Comes in: the arguments as typed. Goes out: a corpus of mixes, and what is in it on standard output.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.table import Table

from timbrespace.cli.shared import (
    check_output_folder,
    console,
    list_problems,
    progress,
    shown_in,
)
from timbrespace.errors import InputError
from timbrespace.interrupts import interrupts_held

if TYPE_CHECKING:
    from timbrespace.rendering.mixes import MixSummary

MIX_OPTIONS = (
    "midi",
    "train",
    "valid",
    "test",
    "stems",
    "seed",
    "all_programs",
    "train_soundfonts",
    "valid_soundfonts",
    "test_soundfonts",
)
"""Arguments that only mixes have."""

_SOUNDFONTS = {
    "train": "all others that are installed",
    "valid": "TimGM6mb",
    "test": "sf_GMbank",
}
_UNITS = {"reading": "files", "rendering": "mixes"}


def add_mix_options(render: ArgumentParser) -> None:
    """Add what `render mixes` takes."""
    group = render.add_argument_group("mixes", "what `render mixes` takes besides --out, --workers")
    group.add_argument("--train", type=int, help="mixes to train on (default: 5000)")
    group.add_argument("--valid", type=int, help="mixes to choose by (default: 800)")
    group.add_argument("--test", type=int, help="mixes to test on (default: 1500)")
    group.add_argument("--midi", type=Path, help="folder of MIDI files (default: arrangements)")
    group.add_argument("--stems", action="store_true", help="write each stem too")
    group.add_argument("--seed", type=int, help="what all is drawn from (default: 0)")
    group.add_argument(
        "--all-programs", action="store_true", help="the same General MIDI programs in all splits"
    )
    for split, default in _SOUNDFONTS.items():
        group.add_argument(
            f"--{split}-soundfonts",
            nargs="+",
            metavar="SOUNDFONT",
            help=f"what plays in {split} (default: {default})",
        )


def render_mixes(args: Namespace) -> None:
    """Render mixes and print what came.

    Raises:
        InputError: `--out` is missing or cannot be written; or as `rendering.mixes.render_mixes`.
    """
    with interrupts_held():
        from timbrespace.rendering import find_soundfont
        from timbrespace.rendering.mixes import render_mixes as render

    if not args.out:
        raise InputError("--out is missing: the folder to render into.")
    settings = _settings(args)
    fonts = {
        name: [find_soundfont(one) for one in args[name] or ()]
        for name in (f"{split}_soundfonts" for split in _SOUNDFONTS)
    }
    check_output_folder(args.out)
    with progress() as bar:
        summary = render(
            args.out,
            settings,
            midi=args.midi,
            n_workers=args.workers,
            on_progress=shown_in(bar, _UNITS),
            **fonts,
        )
    list_problems(summary.problems)
    _print_summary(summary, args.out)


def _settings(args: Namespace) -> Any:
    from timbrespace.rendering.mixes import MixSettings

    names = {"train": "n_train", "valid": "n_valid", "test": "n_test", "seed": "seed"}
    given = {name: args[flag] for flag, name in names.items() if args[flag] is not None}
    return MixSettings(**given, disjoint_programs=not args.all_programs, stems=args.stems)


def _print_summary(summary: MixSummary, out: Path) -> None:
    table = Table("class", title="mixes that each class leads", show_footer=True)
    table.columns[0].footer = "mixes"
    for split, count in summary.mixes.items():
        table.add_column(split, f"{count:,}", justify="right")
    for name in summary.classes["train"]:
        table.add_row(name, *(f"{counts[name]:,}" for counts in summary.classes.values()))
    to = console()
    to.print(table)
    to.print(f"{out}: manifest.parquet, stems.parquet, README.md, the data card", markup=False)
