"""Where the music of mixes comes from: MIDI files, or arrangements made for them.

Comes in: a random generator. Goes out: parts to be played, the lead first, with the lead-in before
them. Each class is in one part at most.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from timbrespace.rendering.mixes.arrangement import arrange
from timbrespace.rendering.mixes.classes import class_of
from timbrespace.rendering.mixes.ensemble import Programs, draw_players
from timbrespace.rendering.mixes.fonts import Font, playable
from timbrespace.rendering.mixes.midi import read_midi
from timbrespace.rendering.mixes.score import DRUMS, Score, ScorePart, sounding

_CACHED_SCORES = 16


@dataclass(frozen=True, kw_only=True)
class Casting:
    """Who can play, and how much is wanted.

    Attributes:
        programs: that may play each class.
        fonts: of the split.
        n_parts: how many, at most.
        lead_in_s: of the music before the excerpt.
        duration_s: of the excerpt.
    """

    programs: Programs
    fonts: Sequence[Font]
    n_parts: int
    lead_in_s: float
    duration_s: float


@dataclass(frozen=True)
class MidiFile:
    """A MIDI file and the name of its song."""

    song: str
    path: Path


def draw_arrangement(casting: Casting, rng: np.random.Generator) -> list[ScorePart]:
    """An excerpt of an arrangement; parts that rest throughout are left out."""
    players = draw_players(casting.fonts, casting.programs, casting.n_parts, rng)
    parts = arrange(players, casting.lead_in_s + casting.duration_s, rng)
    return sounding(parts) if parts[0].notes else []


def draw_from_midi(file: MidiFile, casting: Casting, rng: np.random.Generator) -> list[ScorePart]:
    """An excerpt of a MIDI file, anywhere in it.

    Programs of a class that are another split's are replaced by one of this split's, and parts that
    no font can play are left out.

    Returns:
        The lead, drawn from the parts that have a class, and others; nothing if no part has one.
    """
    score = _score(file.path)
    start_s = float(rng.uniform(0, max(0.0, score.duration_s - casting.duration_s)))
    window_s = casting.lead_in_s + casting.duration_s
    cut = [part.excerpt(start_s - casting.lead_in_s, window_s) for part in score.parts]
    cast = [_cast(part, casting, rng) for part in sounding(cut) if _is_heard(part, casting)]
    parts = [part for part in cast if part]
    leads = [part for part in parts if _class(part)]
    if not leads:
        return []
    chosen = [leads[rng.integers(len(leads))]]
    for at in rng.permutation(len(parts)):
        taken = {_class(part) for part in chosen} - {None}
        if parts[at] not in chosen and _class(parts[at]) not in taken:
            chosen.append(parts[at])
    return chosen[: casting.n_parts]


def _cast(part: ScorePart, casting: Casting, rng: np.random.Generator) -> ScorePart | None:
    drums = part.role == DRUMS
    name = _class(part)
    wanted: tuple[int, ...] = (part.program,)
    if name and part.program not in casting.programs[name]:
        wanted = casting.programs[name]
    able = playable(casting.fonts, wanted, drums=drums)
    able = able or (playable(casting.fonts, (0,), drums=True) if drums else [])
    return replace(part, program=int(rng.choice(able))) if able else None


def _is_heard(part: ScorePart, casting: Casting) -> bool:
    return any(note.start_s + note.duration_s > casting.lead_in_s for note in part.notes)


def _class(part: ScorePart) -> str | None:
    return None if part.role == DRUMS else class_of(part.program)


@functools.lru_cache(maxsize=_CACHED_SCORES)
def _score(path: Path) -> Score:
    return read_midi(path)
