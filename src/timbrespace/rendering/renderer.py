"""One note of a SoundFont as a waveform.

Comes in: bank, program, pitch (MIDI, 60 is middle C) and velocity (1 to 127). Goes out: a mono
float32 waveform, full scale at 1, the mean of FluidSynth's two channels, without reverb, chorus or
dither.

A note depends on nothing that was rendered before it: each is played by a synthesizer of its own,
since a voice of FluidSynth starts from the gain at which it last played. The SoundFont is loaded
once, by a synthesizer that plays nothing and keeps it.

FluidSynth transposes by interpolation without a low-pass, so that at 16 kHz what a sample holds
above 8 kHz folds into the note. Therefore it runs at twice the rate, with its best interpolation,
and its output is decimated; `benchmarks/rendering.py` shows what that brings and costs.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from timbrespace.errors import InputError
from timbrespace.rendering.fluidsynth import load_fluidsynth

Waveform = npt.NDArray[np.float32]

SILENT_PEAK = 1e-3
"""A note whose peak lies below is silent: -60 dB of full scale."""

_SEVENTH_ORDER = 7
_ALL_CHANNELS = -1
_CHANNEL = 0


class NoteRenderer:
    """Renders notes of one SoundFont.

    Args:
        soundfont: an .sf2 or .sf3 file.
        sample_rate_hz: of the waveforms.
        gain: FluidSynth's own, whose default there is 0.2.
        oversampling: how many times `sample_rate_hz` FluidSynth runs at.

    Raises:
        InputError: FluidSynth cannot load the file, or cannot run at that rate.
        MissingDependencyError: FluidSynth is not installed.
    """

    def __init__(
        self,
        soundfont: Path,
        *,
        sample_rate_hz: int = 16_000,
        gain: float = 0.8,
        oversampling: int = 2,
    ) -> None:
        if not 8_000 <= sample_rate_hz * oversampling <= 96_000:
            raise InputError(
                "FluidSynth runs at 8000 to 96000 Hz, sample_rate_hz times oversampling is "
                f"{sample_rate_hz} times {oversampling}."
            )
        self._path = soundfont
        self._rate_hz = sample_rate_hz
        self._oversampling = oversampling
        self._library = load_fluidsynth()
        self._keeper = self._library.synth(
            gain=float(gain),
            samplerate=sample_rate_hz * oversampling,
            channels=16,
            **{
                "synth.reverb.active": 0,
                "synth.chorus.active": 0,
                "synth.polyphony": 64,
                "synth.dynamic-sample-loading": 1,
            },
        )
        weakref.finalize(self, self._keeper.delete)
        self._number = self._keeper.sfload(str(soundfont))
        if self._number < 0:
            raise InputError(f"{soundfont}: FluidSynth cannot load this SoundFont.")
        self._soundfont = self._library.soundfont(self._keeper.synth, self._number)
        # a new synthesizer selects these by itself; kept selected here, their samples stay loaded
        self._keeper.program_select(1, self._number, 0, 0)
        self._keeper.program_select(2, self._number, 128, 0)

    def render_note(
        self,
        bank: int,
        program: int,
        pitch: int,
        velocity: int,
        *,
        held_s: float = 3.0,
        total_s: float = 4.0,
    ) -> Waveform:
        """Render one note.

        Args:
            bank: of the preset; 128 are percussion kits.
            program: of the preset, 0 to 127.
            pitch: 0 to 127; outside the preset's key range the note is silent.
            velocity: 1 to 127.
            held_s: how long the key is down; above 0.
            total_s: length of the waveform, at least `held_s`.

        Returns:
            Waveform; (total_s · sample_rate_hz,). It may pass full scale.

        Raises:
            InputError: the SoundFont has no such preset, or a number is out of its range.
        """
        if not (0 <= pitch <= 127 and 1 <= velocity <= 127 and 0 < held_s <= total_s):
            raise InputError(
                "a note has pitch 0 to 127, velocity 1 to 127 and 0 < held_s <= total_s; got "
                f"pitch {pitch}, velocity {velocity}, held_s {held_s}, total_s {total_s}."
            )
        stereo = np.empty((2, round(total_s * self._rate_hz) * self._oversampling), np.float32)
        held, released = np.split(stereo, [round(held_s * self._rate_hz) * self._oversampling], 1)
        with self._fresh_synth(bank, program) as synth:
            self._library.note_on(synth, _CHANNEL, pitch, velocity)
            self._write(synth, held)
            self._library.note_off(synth, _CHANNEL, pitch)
            self._write(synth, released)
        mono: Waveform = stereo.mean(axis=0)
        if self._oversampling > 1:
            mono = soxr.resample(mono, self._oversampling, 1)
        return mono

    @contextmanager
    def _fresh_synth(self, bank: int, program: int) -> Iterator[Any]:
        """A new synthesizer that has the preset selected; the keeper selects it too (samples)."""
        if self._keeper.program_select(_CHANNEL, self._number, bank, program) != 0:
            raise InputError(f"{self._path}: no preset with bank {bank}, program {program}.")
        synth = self._library.new_synth(self._keeper.settings)
        number = self._library.add_soundfont(synth, self._soundfont)
        try:
            self._library.program_select(synth, _CHANNEL, number, bank, program)
            self._library.set_interpolation(synth, _ALL_CHANNELS, _SEVENTH_ORDER)
            yield synth
        finally:
            self._library.remove_soundfont(synth, self._soundfont)
            self._library.delete_synth(synth)

    def _write(self, synth: Any, stereo: Waveform) -> None:
        left, right = (channel.ctypes.data for channel in stereo)
        self._library.write_float(synth, stereo.shape[1], left, 0, 1, right, 0, 1)


def fault_of(note: Waveform) -> str | None:
    """Why a note cannot be kept: "silent", "clipped" or, if it can, None.

    Example:
        >>> fault_of(np.zeros(4, np.float32)), fault_of(np.array([0.5, -1.0], np.float32))
        ('silent', 'clipped')
    """
    peak = float(np.abs(note).max(initial=0.0))
    if peak < SILENT_PEAK:
        return "silent"
    return "clipped" if peak >= 1 else None
