"""`timbrespace render`: a corpus of notes from SoundFonts, and what SoundFonts there are.

Comes in: the arguments as typed. Goes out: a corpus in NSynth's layout, or tables on standard
output; an exit code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace
from rich.markup import escape
from rich.table import Table

from timbrespace.cli.shared import check_output_folder, command_parser, console, progress
from timbrespace.errors import InputError

if TYPE_CHECKING:
    from timbrespace.rendering import RenderSettings, RenderSummary

_DESCRIPTION = """Render a corpus of single notes from SoundFonts, in NSynth's layout. Each pitched
preset is an instrument; whole General MIDI programs are held out for validation and test. A run
that was stopped goes on when the same command is given again."""

_EPILOG = """NUMBERS are whole numbers or LOWEST:HIGHEST[:STEP], both ends included.

Examples:
  timbrespace render --list
  timbrespace render --presets TimGM6mb
  timbrespace render TimGM6mb --out corpus --pitches 36:84:4 --velocities 50 100
  timbrespace render FluidR3_GM my.sf2 --out corpus
  timbrespace corpora manifest nsynth corpus --out notes.parquet

Exit code: 0 done, 2 wrong input or settings, or something is not installed."""

_NUMBERS = {
    "pitches": "MIDI pitches (default: 21:108, the piano's)",
    "velocities": "MIDI velocities (default: 25 50 75 100 127)",
    "programs": "General MIDI programs, from 0 (default: all pitched instruments)",
    "valid_programs": "programs held out for validation (default: 12, see docs/rendering.md)",
    "test_programs": "programs held out for test (default: 16, see docs/rendering.md)",
}


def parser() -> ArgumentParser:
    """The command's arguments."""
    render = command_parser("render", _DESCRIPTION, _EPILOG)
    render.add_argument(
        "soundfonts", nargs="*", metavar="SOUNDFONT", help="a name (see --list) or an .sf2 or .sf3"
    )
    render.add_argument("--out", type=Path, help="folder of the corpus: new, empty or its own")
    for name, what in _NUMBERS.items():
        option = f"--{name.replace('_', '-')}"
        render.add_argument(option, nargs="+", metavar="NUMBERS", help=what)
    render.add_argument("--gain", type=float, help="lower it if notes clip (default: 0.8)")
    render.add_argument("--workers", type=int, help="processes (default: one a core)")
    render.add_argument("--list", action="store_true", help="show the SoundFonts known by name")
    render.add_argument("--presets", action="store_true", help="show what the SoundFonts can play")
    return render


def run(args: Namespace) -> int:
    """Render, or show what there is."""
    from timbrespace.rendering import find_soundfont

    if args.list:
        _print_catalogue()
        return 0
    soundfonts = [find_soundfont(name) for name in args.soundfonts]
    if not soundfonts:
        raise InputError("name at least one SOUNDFONT; --list shows those known by name.")
    if args.presets:
        for soundfont in soundfonts:
            _print_presets(soundfont)
    else:
        _render(soundfonts, args)
    return 0


def _render(soundfonts: list[Path], args: Namespace) -> None:
    from timbrespace.rendering import render_corpus

    if not args.out:
        raise InputError("--out is missing: the folder to render into.")
    settings = _settings(args)
    check_output_folder(args.out)
    with progress() as bar:
        task = bar.add_task("rendering", total=None, note="")

        def show(done: int, total: int) -> None:
            speed = bar.tasks[task].speed
            note = f"{speed:,.0f} notes/s" if speed else ""
            bar.update(task, completed=done, total=total, note=note)

        summary = render_corpus(
            soundfonts, args.out, settings, n_workers=args.workers, on_progress=show
        )
    _print_summary(summary, args.out)


def _settings(args: Namespace) -> RenderSettings:
    from timbrespace.rendering import RenderSettings, whole_numbers

    given: dict[str, Any] = {
        name: whole_numbers(*args[name]) for name in _NUMBERS if args[name] is not None
    }
    if args.gain is not None:
        given["gain"] = args.gain
    return RenderSettings(**given)


def _print_summary(summary: RenderSummary, out: Path) -> None:
    table = Table("family", title="notes (instruments)", show_footer=True)
    for split, counts in summary.notes.items():
        total = f"{sum(counts.values()):,} ({sum(summary.instruments[split].values())})"
        table.add_column(split, total, justify="right")
    table.columns[0].footer = "all"
    for family in sorted({family for counts in summary.notes.values() for family in counts}):
        cells = [
            f"{counts.get(family, 0):,} ({summary.instruments[split].get(family, 0)})"
            for split, counts in summary.notes.items()
        ]
        table.add_row(family, *cells)
    to = console()
    to.print(table)
    to.print(f"notes dropped: {_listed(summary.dropped)}", markup=False)
    to.print(f"presets left out: {_listed(summary.left_out)}", markup=False)
    if summary.empty:
        to.print(f"instruments without a note: {', '.join(summary.empty)}", markup=False)
    to.print(f"{out}: corpus in NSynth's layout, read by `corpora manifest nsynth`", markup=False)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.items()) or "none"


def _print_catalogue() -> None:
    from timbrespace.rendering import CATALOGUE, find_soundfont, installed_soundfonts

    installed = installed_soundfonts()
    table = Table("name", "presets", "licence", box=None)
    table.columns[0].no_wrap = True
    table.add_column("where, or how to install", overflow="fold", min_width=44)
    for entry in CATALOGUE:
        place = (
            str(find_soundfont(entry.name))
            if entry in installed
            else f"apt-get install {entry.package}"
        )
        table.add_row(entry.name, str(entry.n_pitched_presets), entry.licence, place)
        table.add_row("", "", "", f"[dim]{entry.origin}[/dim]")
    console().print(table)


def _print_presets(soundfont: Path) -> None:
    from timbrespace.rendering import (
        PROGRAMS,
        RenderSettings,
        list_presets,
        reason_to_leave_out,
        split_of_program,
    )

    table = Table("bank", "program", "preset", "keys", "family", "split", title=soundfont.name)
    for preset in list_presets(soundfont):
        reason = reason_to_leave_out(preset, RenderSettings())
        rendered = (PROGRAMS[preset.program].family, split_of_program(preset.program))
        table.add_row(
            str(preset.bank),
            str(preset.program),
            escape(preset.name),
            f"{preset.keys.start}-{preset.keys.stop - 1}" if preset.keys else "none",
            *((f"[dim]{reason}[/dim]", "") if reason else rendered),
        )
    console().print(table)
