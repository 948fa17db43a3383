"""One part as a waveform.

Comes in: a part, who plays it, and the room. Goes out: mono float32 at the rate of the corpus; full
scale may be passed. FluidSynth plays in stereo with its reverb and chorus, and both channels are
averaged. What is played depends on nothing that was played before.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from timbrespace.rendering.general_midi import PROGRAMS
from timbrespace.rendering.mixes.fonts import Font
from timbrespace.rendering.mixes.score import DRUMS, ScorePart
from timbrespace.rendering.player import CHANNEL, SoundFontPlayer, Waveform
from timbrespace.rendering.presets import PERCUSSION_BANK

_GAIN = 0.5
_POLYPHONY = 128
_KEPT_PRESETS = 62
_VIBRATO, _VOLUME, _PAN, _REVERB, _CHORUS = 1, 7, 10, 91, 93
_FULL_VOLUME, _MOST_VIBRATO = 100, 60
_VIBRATO_FAMILIES, _PLUCKED = ("brass", "flute", "reed", "string", "vocal"), (45, 46)


@dataclass(frozen=True)
class Room:
    """FluidSynth's reverb, each from 0 to 1; the same for all stems of a mix."""

    size: float
    damping: float
    level: float


@dataclass(frozen=True, kw_only=True)
class Stem:
    """A part and how it is played.

    Attributes:
        part: its notes.
        font: what plays it.
        pan: 0 left to 127 right.
        reverb: how much of it goes to the room, 0 to 127.
        chorus: how much of it goes to the chorus, 0 to 127.
        vibrato: 0 to 127.
        below_db: how much softer than the lead it is to be.
    """

    part: ScorePart
    font: Font
    pan: int
    reverb: int
    chorus: int
    vibrato: int
    below_db: float

    @property
    def bank(self) -> int:
        """Bank of its preset."""
        return PERCUSSION_BANK if self.part.role == DRUMS else 0


def draw_room(rng: np.random.Generator) -> Room:
    """From nearly dry to a hall."""
    return Room(*(float(x) for x in rng.uniform((0.1, 0.0, 0.1), (0.85, 0.7, 0.7))))


def draw_stem(part: ScorePart, font: Font, below_db: float, rng: np.random.Generator) -> Stem:
    """A part with a place on the stage, a share of the effects, and vibrato if it can have any."""
    vibrato = int(rng.integers(_MOST_VIBRATO)) if has_vibrato(part) else 0
    pan, reverb, chorus = rng.normal((64, 55, 15), (22, 20, 15)).clip(0, 127).astype(int)
    return Stem(
        part=part,
        font=font,
        pan=int(pan),
        reverb=int(reverb),
        chorus=int(chorus),
        vibrato=vibrato,
        below_db=below_db,
    )


def has_vibrato(part: ScorePart) -> bool:
    """Whether an instrument is bowed, blown or sung."""
    family = PROGRAMS[part.program].family
    return part.role != DRUMS and family in _VIBRATO_FAMILIES and part.program not in _PLUCKED


def render_stem(
    stem: Stem, room: Room, *, lead_in_s: float, duration_s: float, sample_rate_hz: int
) -> Waveform:
    """Play a stem.

    Args:
        stem: its notes start at the lead-in.
        room: its reverb.
        lead_in_s: what is played and left out at the start.
        duration_s: of the waveform.
        sample_rate_hz: of the waveform.

    Raises:
        InputError: FluidSynth cannot load the SoundFont.
        MissingDependencyError: FluidSynth is not installed.
    """
    player = _player(stem.font.soundfont.path, sample_rate_hz)
    library = player.library
    stereo = player.stereo(lead_in_s + duration_s)
    with player.fresh_synth(stem.bank, stem.part.program) as synth:
        library.set_reverb(synth, room.size, room.damping, 0.5, room.level)
        for number, value in _controls(stem):
            library.control(synth, CHANNEL, number, value)
        done = 0
        for time_s, pitch, velocity in _keys(stem.part):
            now = min(player.n_samples(time_s), stereo.shape[1])
            player.write(synth, stereo[:, done:now])
            done = now
            if velocity:
                library.note_on(synth, CHANNEL, pitch, velocity)
            else:
                library.note_off(synth, CHANNEL, pitch)
        player.write(synth, stereo[:, done:])
    return player.mono(stereo)[round(lead_in_s * sample_rate_hz) :]


def _controls(stem: Stem) -> Iterator[tuple[int, int]]:
    yield _VOLUME, _FULL_VOLUME
    yield _PAN, stem.pan
    yield _REVERB, stem.reverb
    yield _CHORUS, stem.chorus
    yield _VIBRATO, stem.vibrato


def _keys(part: ScorePart) -> list[tuple[float, int, int]]:
    """Time, pitch and velocity of each key that goes down, or up: velocity 0, first at a time."""
    keys = [(note.start_s, 1, note.pitch, note.velocity) for note in part.notes]
    keys += [(note.start_s + note.duration_s, 0, note.pitch, 0) for note in part.notes]
    return [(time_s, pitch, velocity) for time_s, _, pitch, velocity in sorted(keys)]


@functools.lru_cache(maxsize=8)
def _player(soundfont: Path, sample_rate_hz: int) -> SoundFontPlayer:
    return SoundFontPlayer(
        soundfont,
        sample_rate_hz=sample_rate_hz,
        gain=_GAIN,
        polyphony=_POLYPHONY,
        effects=True,
        kept_presets=_KEPT_PRESETS,
    )
