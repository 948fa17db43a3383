"""`timbrespace render`: corpora of notes or mixes from SoundFonts, and what SoundFonts there are.

Comes in: the arguments as typed. Goes out: a corpus, or tables on standard output; an exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.render_mixes import MIX_OPTIONS, add_mix_options, render_mixes
from timbrespace.cli.render_output import (
    print_catalogue,
    print_presets,
    print_summary,
)
from timbrespace.cli.shared import check_output_folder, command_parser, progress, shown_in
from timbrespace.errors import InputError
from timbrespace.interrupts import interrupts_held

if TYPE_CHECKING:
    from timbrespace.rendering import RenderSummary, Settings

_DESCRIPTION = """Render a corpus of single notes from SoundFonts, in NSynth's layout. Each pitched
preset is an instrument; whole General MIDI programs are held out for validation and test. Presets
that play the same recordings are found by their sound and count as one instrument. A run that was
stopped goes on when the same command is given again.

SOUNDFONT mixes renders excerpts of music of which it is known which instruments lead, for tagging.

SOUNDFONT open-notes renders all of the free SoundFonts that --list shows, with settings of its own:
134,864 notes, 17 GB, or with --drums 9,551 hits, 1.2 GB; a data card is written beside them."""

_EPILOG = """NUMBERS are whole numbers or LOWEST:HIGHEST[:STEP], both ends included.

Examples:
  timbrespace render --list
  timbrespace render --presets TimGM6mb
  timbrespace render TimGM6mb --out corpus --pitches 36:84:4 --velocities 50 100
  timbrespace render FluidR3_GM my.sf2 --out corpus
  timbrespace render open-notes --out open-notes
  timbrespace render open-notes --drums --out open-notes-drums
  timbrespace render mixes --out mixes --train 5000 --valid 800 --test 1500
  timbrespace render mixes --midi my-midi-files --out mixes2 --stems
  timbrespace corpora manifest nsynth corpus --out notes.parquet

Exit code: 0 done, 2 wrong input or settings, or something is not installed."""

_NUMBERS = {
    "pitches": "MIDI pitches (default: 21:108, the piano's)",
    "velocities": "MIDI velocities (default: 25 50 75 100 127)",
    "programs": "General MIDI programs, from 0 (default: all pitched instruments)",
    "valid_programs": "programs held out for validation (default: 12, see docs/rendering.md)",
    "test_programs": "programs held out for test (default: 16, see docs/rendering.md)",
}

_OPEN_NOTES, _MIXES = "open-notes", "mixes"
_UNITS = {"rendering": "notes", "comparing": "instruments"}


def parser() -> ArgumentParser:
    """The command's arguments."""
    render = command_parser("render", _DESCRIPTION, _EPILOG)
    render.add_argument(
        "soundfonts",
        nargs="*",
        metavar="SOUNDFONT",
        help="a name (see --list), an .sf2 or .sf3, open-notes or mixes",
    )
    render.add_argument("--out", type=Path, help="folder of the corpus: new, empty or its own")
    for name, what in _NUMBERS.items():
        render.add_argument(_option(name), nargs="+", metavar="NUMBERS", help=what)
    render.add_argument("--drums", action="store_true", help="render the drum kits instead")
    render.add_argument("--gain", type=float, help="lower it if notes clip (default: 0.8)")
    render.add_argument("--workers", type=int, help="processes (default: one a core)")
    render.add_argument("--list", action="store_true", help="show the SoundFonts known by name")
    render.add_argument("--presets", action="store_true", help="show what the SoundFonts can play")
    add_mix_options(render)
    return render


def run(args: Namespace) -> int:
    """Render, or show what there is."""
    if args.list:
        print_catalogue()
        return 0
    if args.presets:
        for soundfont in _named(args):
            print_presets(soundfont)
    else:
        _render(args)
    return 0


def _named(args: Namespace) -> list[Path]:
    from timbrespace.rendering import find_soundfont

    if not args.soundfonts:
        raise InputError("name at least one SOUNDFONT; --list shows those known by name.")
    return [find_soundfont(name) for name in args.soundfonts]


def _render(args: Namespace) -> None:
    if args.soundfonts == [_MIXES]:
        _refuse(args, [*_NUMBERS, "gain", "drums"], f"{_MIXES} have settings of their own")
        render_mixes(args)
        return
    _refuse(args, MIX_OPTIONS, f"these are of `render {_MIXES}`")
    render = _renderer(args)
    check_output_folder(_out(args))
    with progress() as bar:
        summary = render(args.out, n_workers=args.workers, on_progress=shown_in(bar, _UNITS))
    print_summary(summary, args.out)


def _out(args: Namespace) -> Path:
    if not args.out:
        raise InputError("--out is missing: the folder to render into.")
    return Path(args.out)


def _renderer(args: Namespace) -> Callable[..., RenderSummary]:
    """What renders that which is asked for; the folder to render into is its argument."""
    with interrupts_held():
        from timbrespace.rendering import render_corpus, render_open_notes

    if args.soundfonts == [_OPEN_NOTES]:
        _refuse(args, [*_NUMBERS, "gain"], f"{_OPEN_NOTES} has settings of its own")
        return partial(render_open_notes, drums=args.drums)
    return partial(render_corpus, _named(args), settings=_settings(args))


def _refuse(args: Namespace, names: Sequence[str], reason: str) -> None:
    given = [_option(name) for name in names if args[name] is not None and args[name] is not False]
    if given:
        raise InputError(f"{reason}: leave out {', '.join(given)}.")


def _settings(args: Namespace) -> Settings:
    from timbrespace.rendering import DrumSettings, RenderSettings, whole_numbers

    given: dict[str, Any] = {
        name: whole_numbers(*args[name]) for name in _NUMBERS if args[name] is not None
    }
    if args.gain is not None:
        given["gain"] = args.gain
    if not args.drums:
        return RenderSettings(**given)
    _refuse(args, [name for name in _NUMBERS if name != "velocities"], "drums have their own keys")
    return DrumSettings(**given)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
