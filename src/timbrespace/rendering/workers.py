"""Instruments rendered to files, by as many processes as there are cores.

Comes in: jobs. Goes out: WAV files, and for each job a part file, which is written last: where it
exists the job is done. Processes are spawned, since FluidSynth hangs in a forked one. Ctrl-C does
not reach them; they end at once when the process that started them stops, however it does.
"""

from __future__ import annotations

import functools
import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import soundfile

from timbrespace.errors import AudioError, TimbrespaceError
from timbrespace.interrupts import starting_processes
from timbrespace.rendering.files import CorpusFolder, write_whole
from timbrespace.rendering.jobs import InstrumentJob
from timbrespace.rendering.player import Waveform
from timbrespace.rendering.renderer import NoteRenderer, fault_of
from timbrespace.rendering.settings import NoteSettings

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

_function: Callable[[Any], Any]  # of a worker: sent once, since a plan can be large


def render_jobs(
    jobs: Sequence[InstrumentJob], settings: NoteSettings, folder: CorpusFolder, n_workers: int
) -> Generator[InstrumentJob]:
    """Render every job; yields each when its files are written, in any order. Close it when done.

    Args:
        jobs: what to render.
        settings: how.
        folder: where; its audio folders exist.
        n_workers: processes; 1 renders in this process.

    Raises:
        TimbrespaceError: a process died; or what `render_job` raises.
    """
    render = functools.partial(render_job, settings=settings, folder=folder)
    with closing(in_processes(render, jobs, n_workers)) as done:
        for job, _ in done:
            yield job


def in_processes(
    function: Callable[[Job], Outcome], jobs: Sequence[Job], n_workers: int
) -> Generator[tuple[Job, Outcome]]:
    """Call a function with each job; yields each, when done, and what came. Close it when done.

    Args:
        function: what to call; of a module, since it is sent to spawned processes.
        jobs: its arguments; done in any order.
        n_workers: processes; 1 calls it in this process.

    Raises:
        TimbrespaceError: a process died; or what the function raises.
    """
    if n_workers == 1:
        for job in jobs:
            yield job, function(job)
        return
    pool = ProcessPoolExecutor(n_workers, get_context("spawn"), _start_worker, (function,))
    try:
        with starting_processes():  # the first jobs do
            futures = {pool.submit(_call, job): job for job in jobs}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool as fault:
        raise TimbrespaceError(
            "a rendering process died: too little memory, or the script that renders lacks "
            "`if __name__ == '__main__':`. What is complete is kept; run again to go on, with "
            "fewer workers if memory is short."
        ) from fault
    finally:
        _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool, whatever its processes are at: `pool.kill_workers()` of Python 3.14."""
    for process in list(pool._processes.values()):
        process.kill()
    pool.shutdown(cancel_futures=True)


def render_job(job: InstrumentJob, settings: NoteSettings, folder: CorpusFolder) -> None:
    """Render one instrument: its notes that can be kept, then its part file.

    Raises:
        AudioError: a file cannot be written.
        InputError: FluidSynth cannot load the SoundFont or lacks the preset.
        MissingDependencyError: FluidSynth is not installed.
    """
    renderer = _renderer(job.soundfont.path, settings.sample_rate_hz, settings.gain)
    kept: list[tuple[int, int]] = []
    dropped: Counter[str] = Counter()
    for pitch, velocity in ((p, v) for p in job.pitches for v in settings.velocities):
        note = renderer.render_note(
            job.preset.bank,
            job.preset.program,
            pitch,
            velocity,
            held_s=settings.held_s,
            total_s=settings.total_s,
        )
        fault = fault_of(note)
        if fault:
            dropped[fault] += 1
        else:
            file = folder.audio(job.split) / f"{job.note(pitch, velocity)}.wav"
            write_wav(file, note, settings.sample_rate_hz)
            kept.append((pitch, velocity))
    write_whole(folder.part(job), [json.dumps({"kept": kept, "dropped": dropped})])


@functools.lru_cache(maxsize=1)
def _renderer(soundfont: Path, sample_rate_hz: int, gain: float) -> NoteRenderer:
    return NoteRenderer(soundfont, sample_rate_hz=sample_rate_hz, gain=gain)


def write_wav(file: Path, note: Waveform, sample_rate_hz: int) -> None:
    """Write a note, full scale below 1, as 16-bit WAV.

    Raises:
        AudioError: the file cannot be written.
    """
    samples = np.round(note * 32_767).astype(np.int16)
    try:
        soundfile.write(file, samples, sample_rate_hz, subtype="PCM_16")
    except (OSError, soundfile.SoundFileError) as fault:
        raise AudioError(f"{file}: cannot be written ({fault}).") from fault


def _start_worker(function: Callable[[Any], Any]) -> None:
    global _function
    _function = function
    os.environ["OMP_NUM_THREADS"] = "1"  # libfluidsynth decodes compressed samples by OpenMP
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _call(job: Any) -> Any:
    return _function(job)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)
