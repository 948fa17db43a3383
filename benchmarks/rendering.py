"""Rendering on one core: notes per second, and the error that oversampling takes away.

Comes in: names of SoundFonts, or nothing for those of the catalogue that are installed. Goes out: a
table. The same notes, of presets, keys and velocities drawn once, are rendered and written as WAV
at each oversampling in turn. Speed counts this process's own processor time, so that other work on
the machine does not enter, without the loading of samples. The error is the log-spectral distance
to the same note at six times the sample rate: root mean square of the difference in dB over frames
of 64 ms and bins, both raised to 70 dB below the note's peak.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before libfluidsynth loads

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from common import table
from timbrespace.rendering import (
    NoteRenderer,
    RenderSettings,
    find_soundfont,
    installed_soundfonts,
    plan_corpus,
)
from timbrespace.rendering.renderer import Waveform, fault_of
from timbrespace.rendering.workers import write_wav

SAMPLE_RATE_HZ = 16_000
OVERSAMPLINGS = (1, 2, 3)
REFERENCE = 6
N_PRESETS, NOTES_OF_A_PRESET = 20, 40

Note = tuple[int, int, int, int]  # bank, program, pitch, velocity


def measure(names: Sequence[str] = ()) -> str:
    """The section of docs/benchmarks.md."""
    names = names or [entry.name for entry in installed_soundfonts()]
    rows = [row for name in names for row in _rows(find_soundfont(name))]
    header = ["SoundFont", "oversampling", "notes/s per core", "error, dB", "worst tenth, dB"]
    return (
        "## Rendering\n\n`python benchmarks/rendering.py`: notes of 4 s at 16 kHz, rendered and "
        f"written; 2 is what is used.\n\n{table(header, rows)}"
    )


def _rows(soundfont: Path) -> list[list[str]]:
    notes = _notes(soundfont)
    speeds, errors = _speeds(soundfont, notes), _errors(soundfont, notes)
    return [
        [
            soundfont.stem,
            str(oversampling),
            f"{speeds[oversampling]:.0f}",
            f"{statistics.median(errors[oversampling]):.2f}",
            f"{np.quantile(errors[oversampling], 0.9):.2f}",
        ]
        for oversampling in OVERSAMPLINGS
    ]


def _notes(soundfont: Path) -> list[Note]:
    """Some notes of some presets, of all that a corpus would hold."""
    settings = RenderSettings()
    draw = random.Random(0)
    jobs = plan_corpus([soundfont], settings).jobs
    return [
        (job.preset.bank, job.preset.program, pitch, draw.choice(settings.velocities))
        for job in draw.sample(jobs, min(N_PRESETS, len(jobs)))
        for pitch in draw.choices(job.pitches, k=NOTES_OF_A_PRESET)
    ]


def _speeds(soundfont: Path, notes: Sequence[Note]) -> dict[int, float]:
    """Notes per second of processor time, by oversampling."""
    renderers = {o: NoteRenderer(soundfont, oversampling=o) for o in OVERSAMPLINGS}
    spent_s = dict.fromkeys(OVERSAMPLINGS, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        for number, note in enumerate(notes):
            for oversampling, renderer in renderers.items():
                if number % NOTES_OF_A_PRESET == 0:
                    renderer.render_note(*note)  # loads the preset's samples
                file = Path(folder) / f"{number}-{oversampling}.wav"
                begin_s = time.process_time()
                waveform = renderer.render_note(*note)
                if not fault_of(waveform):
                    write_wav(file, waveform, SAMPLE_RATE_HZ)
                spent_s[oversampling] += time.process_time() - begin_s
    return {oversampling: len(notes) / seconds for oversampling, seconds in spent_s.items()}


def _errors(soundfont: Path, notes: Sequence[Note]) -> dict[int, list[float]]:
    """Distance of each tenth note that is not silent to its reference, by oversampling."""
    reference = NoteRenderer(soundfont, oversampling=REFERENCE)
    right = {note: reference.render_note(*note) for note in notes[::10]}
    right = {note: waveform for note, waveform in right.items() if not fault_of(waveform)}
    errors = {}
    for oversampling in OVERSAMPLINGS:
        renderer = NoteRenderer(soundfont, oversampling=oversampling)
        errors[oversampling] = [
            _log_spectral_distance_db(renderer.render_note(*note), waveform)
            for note, waveform in right.items()
        ]
    return errors


def _log_spectral_distance_db(waveform: Waveform, right: Waveform) -> float:
    found, expected = _powers(waveform), _powers(right)
    floor = expected.max() * 1e-7
    difference_db = 10 * np.log10((found + floor) / (expected + floor))
    return float(np.sqrt(np.mean(difference_db**2)))


def _powers(waveform: Waveform) -> np.ndarray:
    frames = np.lib.stride_tricks.sliding_window_view(waveform, 1024)[::512]
    return np.abs(np.fft.rfft(frames * np.hanning(1024))) ** 2


if __name__ == "__main__":
    print(measure(sys.argv[1:]))
