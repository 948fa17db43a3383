"""Mixes rendered, a part file for each twenty of them.

Comes in: what mixes are made from, and the folder. Goes out: WAV files, and what is kept of every
mix. A part file is written when all audio of its mixes has been. A mix is there if a part file says
what came of it and each of its files has the size that it must have; the others are rendered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from timbrespace.rendering.files import has_size, wav_bytes, write_whole
from timbrespace.rendering.mixes.files import MixFolder, MixJob, MixPart
from timbrespace.rendering.mixes.mix import MixPlan, make_mix
from timbrespace.rendering.mixes.settings import MixSettings
from timbrespace.rendering.mixes.tables import Record, record_of
from timbrespace.rendering.workers import in_processes, write_wav

_MIXES_OF_A_PART = 20


def render_missing(
    plan: MixPlan, folder: MixFolder, n_workers: int, on_progress: Callable[[int, int], None]
) -> list[Record]:
    """Render the mixes that are not there; returns what is kept of all, in order.

    Args:
        plan: what they are made from.
        folder: where; its audio folders exist.
        n_workers: processes; 1 renders in this process.
        on_progress: called with the numbers of mixes that are there and of all.

    Raises:
        TimbrespaceError: a process died; or what `render_job` raises.
    """
    parts = {job: part for part in _parts(plan.settings) for job in part.jobs}
    records: dict[MixJob, Record] = {}
    for part in _parts(plan.settings):
        records |= _there(part, folder, plan.settings)
    missing = [job for job in parts if job not in records]
    on_progress(len(records), len(parts))
    render = partial(render_job, plan=plan, folder=folder)
    with closing(in_processes(render, missing, min(n_workers, len(missing)) or 1)) as done:
        for job, record in done:
            records[job] = record
            _write_if_complete(parts[job], records, folder)
            on_progress(len(records), len(parts))
    return [records[job] for job in parts]


def _parts(settings: MixSettings) -> list[MixPart]:
    return [
        MixPart(split=split, numbers=range(first, min(first + _MIXES_OF_A_PART, count)))
        for split, count in settings.counts.items()
        for first in range(0, count, _MIXES_OF_A_PART)
    ]


def _there(part: MixPart, folder: MixFolder, settings: MixSettings) -> dict[MixJob, Record]:
    """What is kept of those mixes of a part whose audio is there."""
    file = folder.mix_part(part)
    if not file.is_file():
        return {}
    records = zip(part.jobs, json.loads(file.read_text()), strict=True)
    return {job: record for job, record in records if _is_whole(record, folder, settings)}


def _is_whole(record: Record, folder: MixFolder, settings: MixSettings) -> bool:
    n_bytes = wav_bytes(round(record["duration_s"] * settings.sample_rate_hz))
    return all(has_size(file, n_bytes) for file in _audio(record, folder, settings))


def _audio(record: Record, folder: MixFolder, settings: MixSettings) -> Iterator[Path]:
    """The files of a mix, its own first."""
    yield folder.mix(record["split"], record["mix"])
    for place, _ in enumerate(record["stems"] if settings.stems else [], 1):
        yield folder.stem(record["mix"], place)


def render_job(job: MixJob, plan: MixPlan, folder: MixFolder) -> Record:
    """Render a mix; returns what is kept of it.

    Raises:
        AudioError: a file cannot be written.
        ConfigError, InputError, MissingDependencyError: as `make_mix`.
    """
    rate = plan.settings.sample_rate_hz
    mix = make_mix(job.split, job.number, plan)
    record = record_of(mix, job.split, rate)
    files = _audio(record, folder, plan.settings)
    for file, waveform in zip(files, [mix.waveform, *mix.waveforms], strict=False):
        write_wav(file, waveform, rate)
    return record


def _write_if_complete(part: MixPart, records: dict[MixJob, Record], folder: MixFolder) -> None:
    if all(job in records for job in part.jobs):
        write_whole(folder.mix_part(part), [json.dumps([records[job] for job in part.jobs])])
