"""What `timbrespace render` prints.

Comes in: what was rendered, or nothing. Goes out: tables on standard output.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from timbrespace.cli.shared import console

if TYPE_CHECKING:
    from timbrespace.rendering import RenderSummary


def print_summary(summary: RenderSummary, out: Path) -> None:
    """What was rendered, left out and found to be the same."""
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
    n_instruments = sum(kind.instruments for kind in summary.kinds.values())
    to.print(f"{n_instruments:,} instruments play {summary.n_recordings:,} recordings")
    if summary.empty:
        to.print(f"instruments without a note: {', '.join(summary.empty)}", markup=False)
    to.print(f"{out}: corpus in NSynth's layout, read by `corpora manifest nsynth`", markup=False)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.items()) or "none"


def print_catalogue() -> None:
    """The SoundFonts known by name, and where they lie or how to install them."""
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


def print_presets(soundfont: Path) -> None:
    """What a SoundFont can play, and what of it is rendered."""
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
