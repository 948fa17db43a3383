"""SoundFonts rendered to a corpus in NSynth's layout.

Comes in: SoundFont files and settings. Goes out: a folder as `files` describes it, which the NSynth
loader reads. The same SoundFonts, settings and FluidSynth give the same bytes, by any number of
processes, whether the run was stopped and went on or not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from timbrespace.errors import ConfigError
from timbrespace.locks import exclusive
from timbrespace.manifest import SPLITS
from timbrespace.rendering.files import CorpusFolder, json_object, write_whole
from timbrespace.rendering.fluidsynth import load_fluidsynth
from timbrespace.rendering.parts import is_whole, read_parts
from timbrespace.rendering.plan import RenderPlan, Settings, plan_corpus
from timbrespace.rendering.recordings import shared_recordings
from timbrespace.rendering.summary import RenderSummary, summarise
from timbrespace.rendering.tables import write_tables
from timbrespace.rendering.workers import render_jobs

OnProgress = Callable[[str, int, int], None]


def render_corpus(
    soundfonts: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    n_workers: int | None = None,
    on_progress: OnProgress = lambda work, done, total: None,
) -> RenderSummary:
    """Render a corpus, or go on with one that was stopped.

    Args:
        soundfonts: .sf2 or .sf3 files; their order numbers the instruments.
        out: a new or empty folder, or that of the same rendering.
        settings: which notes, and how; `DrumSettings` render drum kits.
        n_workers: processes; None takes one a core, 1 renders in this process.
        on_progress: called with the work, "rendering" notes or "comparing" instruments, and the
            numbers of them done and of all.

    Raises:
        InputError: a SoundFont is missing or broken, or another process renders into `out`.
        ConfigError: nothing to render, or `out` holds something else.
        AudioError: a file cannot be written.
        MissingDependencyError: FluidSynth is not installed.
        TimbrespaceError: a rendering process died.
    """
    if n_workers is not None and n_workers < 1:
        raise ConfigError(f"n_workers must be 1 or more, got {n_workers}.")
    version = load_fluidsynth().version
    plan = plan_corpus(soundfonts, settings)
    folder = CorpusFolder(out)
    request = _request(plan, version)
    folder.check_free()
    with exclusive(folder.lock, work="rendering"):
        folder.claim(request)
        for split in SPLITS:
            folder.audio(split).mkdir(parents=True, exist_ok=True)
        _render_missing(plan, folder, n_workers or n_cores(), partial(on_progress, "rendering"))
        rendered = read_parts(plan, folder)
        recordings = shared_recordings(
            rendered, folder, settings, on_progress=partial(on_progress, "comparing")
        )
        write_tables(rendered, recordings.recording_of, folder, settings.sample_rate_hz)
        summary = summarise(rendered, recordings, plan)
        write_whole(folder.summary, json_object((request | asdict(summary)).items()))
    return summary


def _request(plan: RenderPlan, fluidsynth_version: str) -> dict[str, Any]:
    """What determines every byte of the corpus, as JSON reads it back."""
    soundfonts = [
        {"name": s.name, "sha256": s.sha256, "licence": s.licence} for s in plan.soundfonts
    ]
    request = {"fluidsynth": fluidsynth_version, "soundfonts": soundfonts, **asdict(plan.settings)}
    return dict(json.loads(json.dumps(request)))


def _render_missing(
    plan: RenderPlan,
    folder: CorpusFolder,
    n_workers: int,
    on_progress: Callable[[int, int], None],
) -> None:
    missing = [job for job in plan.jobs if not is_whole(job, folder, plan.settings)]
    left = sum(len(job.pitches) for job in missing) * len(plan.settings.velocities)
    on_progress(plan.n_notes - left, plan.n_notes)
    n_workers = min(n_workers, len(missing)) or 1
    with closing(render_jobs(missing, plan.settings, folder, n_workers)) as done:
        for job in done:
            left -= len(job.pitches) * len(plan.settings.velocities)
            on_progress(plan.n_notes - left, plan.n_notes)


def n_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
