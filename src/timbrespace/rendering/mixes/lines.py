"""What melodies, chords, basses and drums play over a frame.

Comes in: a frame, a number of bars, the range of an instrument and a random generator. Goes out:
`Event`s in beats. A melody walks along the scale, meets the chord on the beat and repeats its
rhythms in phrases of four bars; accompaniments keep one figure throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from timbrespace.rendering.mixes.harmony import Frame

Rhythm = list[tuple[float, float]]  # start and length of each note in a bar, in beats


class Event(NamedTuple):
    """A note in beats; `accent` is added to the velocity of its part."""

    start: float
    length: float
    pitch: int
    accent: int = 0


_LENGTHS, _LENGTH_ODDS = (0.25, 0.5, 1.0, 1.5, 2.0), (0.08, 0.37, 0.35, 0.08, 0.12)
_REST = 0.1
_STEPS, _STEP_ODDS = (-4, -3, -2, -1, 0, 1, 2, 3, 4), (1, 2, 4, 8, 2, 8, 4, 2, 1)
_COMPASS = 19  # semitones that a melody spans
_KICK, _SNARE, _CLOSED, _OPEN, _CRASH, _RIDE, _TOMS = 36, 38, 42, 46, 49, 51, (45, 47, 50)


def melody(
    frame: Frame, n_bars: int, span: tuple[int, int], rng: np.random.Generator
) -> Iterator[Event]:
    """One voice in phrases of four bars, the last of which ends in a long note and a rest."""
    pitches = frame.pitches(*_window(span, rng))
    motifs = [_rhythm(frame, rng) for _ in range(2)]
    ending: Rhythm = [(0.0, max(1.0, frame.beats - 1.5))]
    legato = rng.uniform(0.6, 1.0)
    place = len(pitches) // 2
    odds = np.array(_STEP_ODDS) / sum(_STEP_ODDS)
    for bar in range(n_bars):
        for start, length in (motifs[0], motifs[1], motifs[0], ending)[bar % 4]:
            place = _inside(place + int(rng.choice(_STEPS, p=odds)), len(pitches))
            if start == int(start):
                place = _nearest_of_chord(pitches, place, frame.chord(bar))
            accent = 6 if start == 0 else 0
            yield Event(bar * frame.beats + start, length * legato, pitches[place], accent)


def chords(
    frame: Frame, n_bars: int, span: tuple[int, int], rng: np.random.Generator
) -> Iterator[Event]:
    """Chords in close position, held, beaten, off the beat or broken."""
    center = int(np.clip(rng.integers(55, 68), span[0] + 6, span[1] - 6))
    figure = _FIGURES[rng.integers(len(_FIGURES))]
    for bar in range(n_bars):
        near = sorted(
            frame.chord_pitches(bar, center - 12, center + 12), key=lambda p: (abs(p - center), p)
        )
        voicing = sorted(near[: len(frame.chord(bar))])
        for start, length, which, accent in figure(frame.beats):
            for pitch in voicing if which is None else [voicing[which % len(voicing)]]:
                yield Event(bar * frame.beats + start, length, pitch, accent)


def bass(
    frame: Frame, n_bars: int, span: tuple[int, int], rng: np.random.Generator
) -> Iterator[Event]:
    """The root of each chord and what leads to the next: held, with its fifth, pumped, walking."""
    low, high = span[0], span[0] + 16
    style = rng.choice(["held", "fifth", "pumped", "walking"])
    for bar in range(n_bars):
        root = next(p for p in range(low, high + 12) if p % 12 == frame.chord(bar)[0])
        fifth = root + 7 if root + 7 <= high else root - 5
        first = bar * frame.beats
        if style == "held":
            yield Event(first, frame.beats * 0.95, root)
        elif style == "fifth":
            yield Event(first, frame.beats * 0.45, root, 4)
            yield Event(first + frame.beats // 2, frame.beats * 0.45, max(fifth, low))
        elif style == "pumped":
            for half in range(2 * frame.beats):
                yield Event(first + half / 2, 0.4, root, 4 if half % 2 == 0 else -6)
        else:
            walk = frame.pitches(root, root + 12)
            for beat in range(frame.beats):
                step = 0 if beat == 0 else int(rng.integers(len(walk)))
                yield Event(first + beat, 0.9, walk[step])


def drums(
    frame: Frame, n_bars: int, span: tuple[int, int], rng: np.random.Generator
) -> Iterator[Event]:
    """Kick, snare and hi-hat or ride, one pattern throughout, and a fill every fourth bar."""
    cymbal = int(rng.choice([_CLOSED, _RIDE], p=[0.7, 0.3]))
    step = float(rng.choice([0.5, 1.0, 0.25], p=[0.6, 0.25, 0.15]))
    back = [1.0, 3.0] if frame.beats == 4 else [frame.beats / 2] if frame.beats == 6 else [1.0, 2.0]
    extra = [float(x) / 2 for x in rng.choice(2 * frame.beats, size=rng.integers(3), replace=False)]
    for bar in range(n_bars):
        first = bar * frame.beats
        yield from (Event(first + at, 0.2, _KICK, 8) for at in sorted({0.0, *extra}))
        yield from (Event(first + at, 0.2, _SNARE, 4) for at in back)
        for at in np.arange(0, frame.beats, step):
            opened = cymbal == _CLOSED and at == frame.beats - 0.5 and bar % 2
            yield Event(first + float(at), 0.2, _OPEN if opened else cymbal, -12)
        if bar % 4 == 0:
            yield Event(first, 1.0, _CRASH, 2)
        if bar % 4 == 3:
            fill = np.arange(frame.beats - 1, frame.beats, 0.25)
            yield from (Event(first + float(at), 0.2, int(rng.choice(_TOMS)), 2) for at in fill)


def _rhythm(frame: Frame, rng: np.random.Generator) -> Rhythm:
    """One bar of notes and rests; fewer short notes where beats are short."""
    odds = np.array(_LENGTH_ODDS)
    odds[0] *= frame.beat_s > 0.5
    notes: Rhythm = []
    start = 0.0
    while start < frame.beats:
        length = min(float(rng.choice(_LENGTHS, p=odds / odds.sum())), frame.beats - start)
        if not notes or rng.random() > _REST:
            notes.append((start, length))
        start += length
    return notes


def _window(span: tuple[int, int], rng: np.random.Generator) -> tuple[int, int]:
    """A part of the range that one melody uses; its ends are played less than its middle."""
    low, high = span
    spare = max(0, high - low - _COMPASS)
    first = low + round(spare * float(rng.beta(2, 2)))
    return first, min(high, first + _COMPASS)


def _inside(place: int, size: int) -> int:
    """A place mirrored at the ends of a list."""
    place = abs(place)
    return place if place < size else max(0, 2 * (size - 1) - place)


def _nearest_of_chord(pitches: list[int], place: int, chord: tuple[int, ...]) -> int:
    places = [at for at, pitch in enumerate(pitches) if pitch % 12 in chord]
    return min(places, key=lambda at: (abs(at - place), at), default=place)


Figure = Iterator[tuple[float, float, int | None, int]]  # start, length, which note (all), accent


def _held(beats: int) -> Figure:
    yield 0.0, beats * 0.97, None, 0


def _beaten(beats: int) -> Figure:
    yield from ((float(beat), 0.7, None, 6 if beat == 0 else 0) for beat in range(beats))


def _off_beat(beats: int) -> Figure:
    yield from ((beat + 0.5, 0.35, None, 0) for beat in range(beats))


def _strummed(beats: int) -> Figure:
    for half in range(2 * beats):
        if half % 4 != 1:
            yield half / 2, 0.5, None, 4 if half % 2 == 0 else -8


def _broken(beats: int) -> Figure:
    order = (0, 1, 2, 3, 2, 1)
    yield from ((half / 2, 1.0, order[half % 6], 0) for half in range(2 * beats))


_FIGURES: tuple[Callable[[int], Figure], ...] = (_held, _beaten, _off_beat, _strummed, _broken)
