"""Keys, meters and chords, drawn at random.

Comes in: a random generator. Goes out: a `Frame`, what all parts of an arrangement agree on. Times
are in beats from the first bar; pitches are MIDI numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
_SCALE_ODDS = {
    "major": 0.42,
    "minor": 0.25,
    "harmonic minor": 0.08,
    "dorian": 0.13,
    "mixolydian": 0.12,
}
_PROGRESSIONS = (
    (0, 4, 5, 3),
    (0, 5, 3, 4),
    (0, 3, 4, 0),
    (5, 3, 0, 4),
    (1, 4, 0, 0),
    (0, 3, 0, 4),
    (0, 0, 3, 4),
    (0, 6, 5, 4),
    (0, 2, 3, 4),
    (0, 6, 3, 0),
    (0, 3, 6, 2, 5, 1, 4, 0),
)
"""Steps of the scale on which chords stand, a bar each."""

_METERS = {4: 0.72, 3: 0.18, 6: 0.10}  # beats a bar
_TEMPO_BPM = (66.0, 168.0)
_SEVENTHS = 0.3


@dataclass(frozen=True)
class Frame:
    """Key, meter, tempo and chords of an arrangement.

    Attributes:
        tonic: pitch class of the key, 0 to 11.
        scale: semitones of its seven steps above the tonic.
        beats: of a bar.
        beat_s: how long one lasts.
        progression: steps on which the chords stand, a bar each, again and again.
        sevenths: chords have four notes, not three.
        swing: how much later than the middle of a beat the second eighth is, in beats.
    """

    tonic: int
    scale: tuple[int, ...]
    beats: int
    beat_s: float
    progression: tuple[int, ...]
    sevenths: bool
    swing: float

    def pitches(self, low: int, high: int) -> list[int]:
        """All pitches of the scale from `low` to `high`."""
        return [p for p in range(low, high + 1) if (p - self.tonic) % 12 in self.scale]

    def chord(self, bar: int) -> tuple[int, ...]:
        """Pitch classes of the chord of a bar, its root first."""
        root = self.progression[bar % len(self.progression)]
        steps = range(root, root + (8 if self.sevenths else 6), 2)
        return tuple((self.tonic + self.scale[step % 7]) % 12 for step in steps)

    def chord_pitches(self, bar: int, low: int, high: int) -> list[int]:
        """All pitches of the chord of a bar from `low` to `high`; never empty over an octave."""
        chord = self.chord(bar)
        return [pitch for pitch in range(low, high + 1) if pitch % 12 in chord]


def draw_frame(rng: np.random.Generator) -> Frame:
    """A key, a meter, a tempo and a progression."""
    name = str(rng.choice(list(_SCALE_ODDS), p=list(_SCALE_ODDS.values())))
    beats = int(rng.choice(list(_METERS), p=list(_METERS.values())))
    slowest, fastest = np.log(_TEMPO_BPM)
    swings = beats == 4 and rng.random() < 0.25
    return Frame(
        tonic=int(rng.integers(12)),
        scale=_SCALES[name],
        beats=beats,
        beat_s=float(60 / np.exp(rng.uniform(slowest, fastest)) / (2 if beats == 6 else 1)),
        progression=_PROGRESSIONS[rng.integers(len(_PROGRESSIONS))],
        sevenths=bool(rng.random() < _SEVENTHS),
        swing=float(rng.uniform(0.1, 0.17)) if swings else 0.0,
    )
