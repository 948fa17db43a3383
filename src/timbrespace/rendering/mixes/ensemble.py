"""Who plays in a mix.

Comes in: the fonts of a split and a random generator. Goes out: players, the one who is to lead
first. Each class plays once at most, so that a label is one stem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from timbrespace.rendering.mixes.arrangement import Player
from timbrespace.rendering.mixes.classes import (
    BASS_PROGRAMS,
    CHORDAL_CLASSES,
    CHORDAL_PROGRAMS,
    KITS,
    MELODIC_PROGRAMS,
    class_of,
)
from timbrespace.rendering.mixes.fonts import Font, playable
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY

_LEAD_ROLES, _LEAD_ODDS = ((MELODY,), (MELODY, CHORDS), (CHORDS,)), (0.45, 0.3, 0.25)
_SEATS = (CHORDS, BASS, DRUMS, MELODY, CHORDS)
_SEAT_ODDS = np.array([0.32, 0.2, 0.2, 0.18, 0.1])
_HAS_CLASS = 0.6

Programs = Mapping[str, tuple[int, ...]]
"""What may play each class."""


def playable_classes(fonts: Sequence[Font], programs: Programs) -> dict[str, list[int]]:
    """The classes that fonts can play, and by which of their programs."""
    able = {name: playable(fonts, of_class) for name, of_class in programs.items()}
    return {name: programs for name, programs in able.items() if programs}


def draw_players(
    fonts: Sequence[Font], programs: Programs, n_players: int, rng: np.random.Generator
) -> list[Player]:
    """A lead of a class drawn evenly, and who accompanies it.

    Args:
        fonts: those of the split, which play at least one class.
        programs: that may play each class.
        n_players: how many there shall be; fewer where the fonts have no more.
        rng: what everything is drawn from.
    """
    classes = playable_classes(fonts, programs)
    name = str(rng.choice(list(classes)))
    chordal = name in CHORDAL_CLASSES
    roles = _LEAD_ROLES[rng.choice(3, p=_LEAD_ODDS)] if chordal else (MELODY,)
    players = [Player(roles, int(rng.choice(classes.pop(name))))]
    seats = rng.choice(len(_SEATS), size=n_players - 1, replace=False, p=_SEAT_ODDS)
    for seat in seats:
        able = _candidates(_SEATS[seat], classes, fonts, rng)
        free = [p for p in able if p not in {player.program for player in players}]
        if free:
            players.append(Player((_SEATS[seat],), int(rng.choice(free))))
            classes.pop(class_of(players[-1].program) or "", None)
    return players


def _candidates(
    role: str, classes: dict[str, list[int]], fonts: Sequence[Font], rng: np.random.Generator
) -> list[int]:
    """Programs for a seat: those of one class, or those that give no label."""
    if role == DRUMS:
        return playable(fonts, KITS, drums=True)
    if role == BASS:
        return playable(fonts, BASS_PROGRAMS)
    names = [name for name in classes if role == MELODY or name in CHORDAL_CLASSES]
    if names and rng.random() < _HAS_CLASS:
        return classes[str(rng.choice(names))]
    return playable(fonts, MELODIC_PROGRAMS if role == MELODY else CHORDAL_PROGRAMS)
