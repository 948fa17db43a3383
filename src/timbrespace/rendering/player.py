"""A SoundFont that is loaded once and played by many synthesizers.

Comes in: an .sf2 or .sf3 file. Goes out: fresh synthesizers that have one preset selected, and what
they play as stereo float32, full scale at 1.

What is played depends on nothing that was played before: each synthesizer is new, since a voice of
FluidSynth starts from the gain at which it last played. The SoundFont is loaded by a synthesizer
that plays nothing and keeps it, with the samples of the presets that were used last.

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

CHANNEL = 0
"""The channel of a fresh synthesizer that has the preset."""

_SEVENTH_ORDER = 7
_ALL_CHANNELS = -1
_CHANNELS_OF_A_PORT = 16


class SoundFontPlayer:
    """Keeps one SoundFont loaded.

    Args:
        soundfont: an .sf2 or .sf3 file.
        sample_rate_hz: of the waveforms.
        gain: FluidSynth's own, whose default there is 0.2.
        oversampling: how many times `sample_rate_hz` FluidSynth runs at.
        polyphony: voices of a synthesizer; a note takes one or more.
        effects: whether there are reverb and chorus.
        kept_presets: how many presets keep their samples in memory when others are played.

    Raises:
        InputError: FluidSynth cannot load the file, or cannot run at that rate.
        MissingDependencyError: FluidSynth is not installed.
    """

    def __init__(
        self,
        soundfont: Path,
        *,
        sample_rate_hz: int,
        gain: float,
        oversampling: int = 2,
        polyphony: int = 64,
        effects: bool = False,
        kept_presets: int = 1,
    ) -> None:
        if not 8_000 <= sample_rate_hz * oversampling <= 96_000:
            raise InputError(
                "FluidSynth runs at 8000 to 96000 Hz, sample_rate_hz times oversampling is "
                f"{sample_rate_hz} times {oversampling}."
            )
        self.library = load_fluidsynth()
        self._path = soundfont
        self._rate_hz = sample_rate_hz
        self._oversampling = oversampling
        ports = -(-(kept_presets + 2) // _CHANNELS_OF_A_PORT)
        self._keeper = self.library.synth(
            gain=float(gain),
            samplerate=sample_rate_hz * oversampling,
            channels=ports * _CHANNELS_OF_A_PORT,
            **{
                "synth.reverb.active": int(effects),
                "synth.chorus.active": int(effects),
                "synth.polyphony": polyphony,
                "synth.dynamic-sample-loading": 1,
            },
        )
        weakref.finalize(self, self._keeper.delete)
        self._number = self._keeper.sfload(str(soundfont))
        if self._number < 0:
            raise InputError(f"{soundfont}: FluidSynth cannot load this SoundFont.")
        self._soundfont = self.library.soundfont(self._keeper.synth, self._number)
        # a new synthesizer selects these by itself; kept selected here, their samples stay loaded
        self._keeper.program_select(kept_presets, self._number, 0, 0)
        self._keeper.program_select(kept_presets + 1, self._number, 128, 0)
        self._free = list(range(kept_presets))
        self._kept: dict[tuple[int, int], int] = {}

    @contextmanager
    def fresh_synth(self, bank: int, program: int) -> Iterator[Any]:
        """A new synthesizer that has the preset selected on `CHANNEL`.

        Raises:
            InputError: the SoundFont has no such preset.
        """
        self._keep(bank, program)
        synth = self.library.new_synth(self._keeper.settings)
        number = self.library.add_soundfont(synth, self._soundfont)
        try:
            self.library.program_select(synth, CHANNEL, number, bank, program)
            self.library.set_interpolation(synth, _ALL_CHANNELS, _SEVENTH_ORDER)
            yield synth
        finally:
            self.library.remove_soundfont(synth, self._soundfont)
            self.library.delete_synth(synth)

    def stereo(self, duration_s: float) -> Waveform:
        """Room for what a synthesizer plays in this time; (2, samples) at FluidSynth's rate."""
        return np.empty((2, self.n_samples(duration_s)), np.float32)

    def n_samples(self, time_s: float) -> int:
        """Samples of a time at FluidSynth's rate."""
        return round(time_s * self._rate_hz) * self._oversampling

    def write(self, synth: Any, stereo: Waveform) -> None:
        """Fill (2, samples) with what the synthesizer plays next."""
        left, right = (channel.ctypes.data for channel in stereo)
        self.library.write_float(synth, stereo.shape[1], left, 0, 1, right, 0, 1)

    def mono(self, stereo: Waveform) -> Waveform:
        """The mean of both channels at `sample_rate_hz`; (samples,)."""
        mono: Waveform = stereo.mean(axis=0)
        if self._oversampling > 1:
            mono = soxr.resample(mono, self._oversampling, 1)
        return mono

    def _keep(self, bank: int, program: int) -> None:
        """Select the preset in the keeper, in place of the one not used for longest."""
        preset = (bank, program)
        channel = self._kept.pop(preset, None)
        if channel is None:
            channel = self._free.pop() if self._free else self._kept.pop(next(iter(self._kept)))
            if self._keeper.program_select(channel, self._number, bank, program) != 0:
                self._free.append(channel)
                raise InputError(f"{self._path}: no preset with bank {bank}, program {program}.")
        self._kept[preset] = channel
