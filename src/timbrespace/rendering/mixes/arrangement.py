"""Simple arrangements, as many as wanted.

Comes in: who plays what, and a random generator. Goes out: parts of an excerpt of music in one key,
meter and tempo, played with small deviations of time and force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from timbrespace.rendering.mixes import lines
from timbrespace.rendering.mixes.classes import pitch_range
from timbrespace.rendering.mixes.harmony import Frame, draw_frame
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY, ScoreNote, ScorePart

_LINES = {
    MELODY: lines.melody,
    CHORDS: lines.chords,
    BASS: lines.bass,
    DRUMS: lines.drums,
}
_BARS_BEFORE = 4  # an excerpt starts anywhere in the first phrase
_LATE_S, _UNEVEN = 0.008, 6.0  # deviations of a start and of a velocity
_STRUM_S = 0.012


@dataclass(frozen=True)
class Player:
    """One who is to play.

    Attributes:
        roles: one or more; a pianist may play melody and chords.
        program: of General MIDI, or of the drum kit.
    """

    roles: tuple[str, ...]
    program: int

    @property
    def role(self) -> str:
        """The first of the roles."""
        return self.roles[0]


def arrange(
    players: Sequence[Player], duration_s: float, rng: np.random.Generator
) -> tuple[ScorePart, ...]:
    """Make an excerpt of music for players.

    Args:
        players: who plays what; the order is that of the parts.
        duration_s: of the excerpt, which starts and ends in the midst of the music.
        rng: what everything is drawn from.
    """
    frame = draw_frame(rng)
    bar_s = frame.beats * frame.beat_s
    start_s = float(rng.uniform(0, _BARS_BEFORE * bar_s))
    n_bars = int(np.ceil((start_s + duration_s) / bar_s))
    parts = [
        ScorePart(
            role=player.role,
            program=player.program,
            notes=tuple(_played(player, frame, n_bars, rng)),
        )
        for player in players
    ]
    return tuple(part.excerpt(start_s, duration_s) for part in parts)


def _played(
    player: Player, frame: Frame, n_bars: int, rng: np.random.Generator
) -> Iterator[ScoreNote]:
    """What a player makes of the events of all roles, in time."""
    span = pitch_range(player.program)
    force = rng.uniform(62, 104)
    strum_s = rng.uniform(0, _STRUM_S)
    events = sorted(
        event for role in player.roles for event in _LINES[role](frame, n_bars, span, rng)
    )
    before, together = -1.0, 0
    for event in events:
        together = together + 1 if event.start == before else 0
        before = event.start
        start_s = _beat_s(event.start, frame) + together * strum_s + rng.normal(0, _LATE_S)
        velocity = int(np.clip(force + event.accent + rng.normal(0, _UNEVEN), 20, 120))
        yield ScoreNote(max(0.0, start_s), event.length * frame.beat_s, event.pitch, velocity)


def _beat_s(beat: float, frame: Frame) -> float:
    """When a beat falls; the second eighth of each is late if the music swings."""
    late = frame.swing if beat % 1 == 0.5 else 0.0
    return (beat + late) * frame.beat_s
