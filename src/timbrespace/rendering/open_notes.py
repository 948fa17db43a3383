"""open-notes: every note of four free General MIDI SoundFonts that Debian ships.

Comes in: a folder. Goes out: in it, a corpus of all pitched presets of those SoundFonts, or of all
drums, with a data card as README.md. The numbers of both are in docs/open-notes.md and
docs/open-notes-drums.md.
"""

from __future__ import annotations

import json
from pathlib import Path

from timbrespace.errors import MissingDependencyError
from timbrespace.rendering.corpus import OnProgress, render_corpus
from timbrespace.rendering.data_card import data_card
from timbrespace.rendering.files import CorpusFolder, write_whole
from timbrespace.rendering.plan import Settings
from timbrespace.rendering.settings import DrumSettings, RenderSettings
from timbrespace.rendering.soundfonts import OPEN_NOTES, find_soundfont, installed_soundfonts
from timbrespace.rendering.summary import RenderSummary

_VELOCITIES = (45, 85, 125)


def render_open_notes(
    out: Path,
    *,
    drums: bool = False,
    n_workers: int | None = None,
    on_progress: OnProgress = lambda work, done, total: None,
) -> RenderSummary:
    """Render open-notes, or go on with it where it was stopped, and write its data card.

    Args:
        out: a new or empty folder, or that of the same part of open-notes.
        drums: render the drum kits, which are a corpus of their own, not the pitched presets.
        n_workers: as `render_corpus`.
        on_progress: as `render_corpus`.

    Raises:
        MissingDependencyError: a SoundFont or FluidSynth is not installed; the message has the
            command that installs all that is missing.
        InputError, ConfigError, AudioError, TimbrespaceError: as `render_corpus`.
    """
    soundfonts = _soundfonts()
    settings: Settings = (
        DrumSettings(velocities=_VELOCITIES) if drums else RenderSettings(velocities=_VELOCITIES)
    )
    summary = render_corpus(soundfonts, out, settings, n_workers=n_workers, on_progress=on_progress)
    folder = CorpusFolder(out)
    told = json.loads(folder.summary.read_text())
    write_whole(folder.card, [data_card(told, drums=drums)])
    return summary


def _soundfonts() -> list[Path]:
    installed = installed_soundfonts()
    missing = [entry for entry in OPEN_NOTES if entry not in installed]
    if missing:
        raise MissingDependencyError(
            f"open-notes needs {', '.join(entry.name for entry in missing)}; install with: "
            f"apt-get install {' '.join(entry.package for entry in missing)}"
        )
    return [find_soundfont(entry.name) for entry in OPEN_NOTES]
