"""One note of a SoundFont as a waveform.

Comes in: bank, program, pitch (MIDI, 60 is middle C) and velocity (1 to 127). Goes out: a mono
float32 waveform, full scale at 1, the mean of FluidSynth's two channels, without reverb, chorus or
dither. A note depends on nothing that was rendered before it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from timbrespace.errors import InputError
from timbrespace.rendering.player import CHANNEL, SoundFontPlayer, Waveform

SILENT_PEAK = 1e-3
"""A note whose peak lies below is silent: -60 dB of full scale."""


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
        self._player = SoundFontPlayer(
            soundfont, sample_rate_hz=sample_rate_hz, gain=gain, oversampling=oversampling
        )

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
        player = self._player
        stereo = player.stereo(total_s)
        held, released = np.split(stereo, [player.n_samples(held_s)], 1)
        with player.fresh_synth(bank, program) as synth:
            player.library.note_on(synth, CHANNEL, pitch, velocity)
            player.write(synth, held)
            player.library.note_off(synth, CHANNEL, pitch)
            player.write(synth, released)
        return player.mono(stereo)


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
