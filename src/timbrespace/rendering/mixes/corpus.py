"""A corpus of mixes of which it is known who leads.

Comes in: a folder, settings, and SoundFonts and MIDI files if others than the installed and made
ones are wanted. Goes out: the folder as `files` describes it. The same settings, SoundFonts, MIDI
files and FluidSynth give the same bytes of audio, by any number of processes, whether the run was
stopped and went on or not, and whether audio that was lost meanwhile had to be made again or not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from timbrespace.errors import ConfigError
from timbrespace.locks import exclusive
from timbrespace.manifest import SPLITS
from timbrespace.rendering.corpus import n_cores
from timbrespace.rendering.files import json_object, write_whole
from timbrespace.rendering.fluidsynth import load_fluidsynth
from timbrespace.rendering.mixes.classes import class_programs
from timbrespace.rendering.mixes.data_card import data_card
from timbrespace.rendering.mixes.ensemble import playable_classes
from timbrespace.rendering.mixes.files import MixFolder
from timbrespace.rendering.mixes.fonts import fonts_of_splits
from timbrespace.rendering.mixes.midi_splits import Midi, read_midi_folder
from timbrespace.rendering.mixes.mix import MixPlan
from timbrespace.rendering.mixes.parts import render_missing
from timbrespace.rendering.mixes.settings import MixSettings
from timbrespace.rendering.mixes.summary import MixSummary, summarise
from timbrespace.rendering.mixes.tables import write_tables

OnProgress = Callable[[str, int, int], None]


def render_mixes(
    out: Path,
    settings: MixSettings,
    *,
    midi: Path | None = None,
    train_soundfonts: Sequence[Path] = (),
    valid_soundfonts: Sequence[Path] = (),
    test_soundfonts: Sequence[Path] = (),
    n_workers: int | None = None,
    on_progress: OnProgress = lambda work, done, total: None,
) -> MixSummary:
    """Render the mixes whose audio is not there, and write tables and data card.

    Args:
        out: a new or empty folder, or that of the same rendering.
        settings: how many mixes, and how they are made.
        midi: a folder of MIDI files to take the music from; None makes arrangements.
        train_soundfonts: what plays in train; as `fonts_of_splits`.
        valid_soundfonts: what plays in valid.
        test_soundfonts: what plays in test.
        n_workers: processes; None takes one a core, 1 renders in this process.
        on_progress: called with the work, "reading" MIDI files or "rendering" mixes, and the
            numbers of them done and of all.

    Raises:
        InputError: a SoundFont or the MIDI folder is missing or broken, or another process renders
            into `out`.
        ConfigError: `out` holds something else, or the music or the SoundFonts have no class.
        AudioError: a file cannot be written.
        MissingDependencyError: FluidSynth, mido or every SoundFont is not installed.
        TimbrespaceError: a rendering process died.
    """
    if n_workers is not None and n_workers < 1:
        raise ConfigError(f"n_workers must be 1 or more, got {n_workers}.")
    version = load_fluidsynth().version
    folder = MixFolder(out)
    folder.check_free()
    wanted = [split for split, count in settings.counts.items() if count]
    fonts = fonts_of_splits(train_soundfonts, valid_soundfonts, test_soundfonts)
    for split in wanted:
        if not playable_classes(
            fonts[split], class_programs(split, disjoint=settings.disjoint_programs)
        ):
            raise ConfigError(f"no SoundFont of {split} plays an instrument of a class.")
    music = read_midi_folder(midi, wanted, partial(on_progress, "reading")) if midi else Midi.none()
    plan = MixPlan(settings=settings, fonts=fonts, midi=music.files)
    request = _request(plan, music, version)
    with exclusive(folder.lock, work="rendering"):
        folder.claim(request)
        _make_folders(folder, plan)
        records = render_missing(
            plan, folder, n_workers or n_cores(), partial(on_progress, "rendering")
        )
        write_tables(records, folder, settings.sample_rate_hz)
        summary = summarise(records, music.problems)
        told = request | asdict(summary)
        write_whole(folder.summary, json_object(told.items()))
        write_whole(folder.card, [data_card(told)])
    return summary


def _request(plan: MixPlan, music: Midi, fluidsynth_version: str) -> dict[str, Any]:
    """What determines every byte of the audio, as JSON reads it back."""
    soundfonts = {
        split: [
            {
                "name": font.soundfont.name,
                "sha256": font.soundfont.sha256,
                "licence": font.soundfont.licence,
            }
            for font in plan.fonts[split]
        ]
        for split in SPLITS
    }
    request = {
        "fluidsynth": fluidsynth_version,
        "soundfonts": soundfonts,
        "midi": music.checksums,
        **asdict(plan.settings),
    }
    return dict(json.loads(json.dumps(request)))


def _make_folders(folder: MixFolder, plan: MixPlan) -> None:
    for split, count in plan.settings.counts.items():
        if count:
            folder.mix(split, "any").parent.mkdir(parents=True, exist_ok=True)
    if plan.settings.stems:
        folder.stem("any", 1).parent.mkdir(parents=True, exist_ok=True)
