"""What is to be played: parts of notes in time.

Comes in: notes. Goes out: a `Score`, or an excerpt of it. Times are seconds, pitches and velocities
MIDI numbers; pitches of drums are keys of the General MIDI percussion map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

MELODY, CHORDS, BASS, DRUMS = "melody", "chords", "bass", "drums"
"""What a part does. In a MIDI file all but drums and bass is a melody."""

_SHORTEST_S = 0.02


@dataclass(frozen=True)
class ScoreNote:
    """One note: when it starts, how long the key is down, and how it is struck."""

    start_s: float
    duration_s: float
    pitch: int
    velocity: int


@dataclass(frozen=True, kw_only=True)
class ScorePart:
    """What one instrument plays.

    Attributes:
        role: melody, chords, bass or drums.
        program: of General MIDI, or of the drum kit.
        notes: in order of their start.
    """

    role: str
    program: int
    notes: tuple[ScoreNote, ...]

    def excerpt(self, start_s: float, duration_s: float) -> ScorePart:
        """The part between two times, told from the first; notes are cut at both ends."""
        stop_s = start_s + duration_s
        cut = (_cut(note, start_s, stop_s) for note in self.notes)
        return replace(self, notes=tuple(note for note in cut if note.duration_s >= _SHORTEST_S))


def sounding(parts: Sequence[ScorePart]) -> list[ScorePart]:
    """The parts that have a note."""
    return [part for part in parts if part.notes]


def _cut(note: ScoreNote, start_s: float, stop_s: float) -> ScoreNote:
    first = max(note.start_s, start_s)
    last = min(note.start_s + note.duration_s, stop_s)
    return replace(note, start_s=first - start_s, duration_s=last - first)


@dataclass(frozen=True, kw_only=True)
class Score:
    """A piece of music.

    Attributes:
        name: of the piece.
        parts: one for each instrument.
    """

    name: str
    parts: tuple[ScorePart, ...]

    @property
    def duration_s(self) -> float:
        """Until the last note ends."""
        ends = [note.start_s + note.duration_s for part in self.parts for note in part.notes]
        return max(ends, default=0.0)
