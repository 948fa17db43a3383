import numpy as np
import pytest

from timbrespace.rendering.mixes.arrangement import Player, arrange
from timbrespace.rendering.mixes.classes import KITS, pitch_range
from timbrespace.rendering.mixes.harmony import Frame, draw_frame
from timbrespace.rendering.mixes.lines import bass, chords, melody
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY, ScoreNote, ScorePart

_BAND = [
    Player((MELODY,), 73),
    Player((MELODY, CHORDS), 0),
    Player((BASS,), 33),
    Player((DRUMS,), KITS[0]),
]
_C_MAJOR = Frame(
    tonic=0,
    scale=(0, 2, 4, 5, 7, 9, 11),
    beats=4,
    beat_s=0.5,
    progression=(0, 4),
    sevenths=False,
    swing=0.0,
)


def test_the_same_seed_gives_the_same_music():
    first, second = (arrange(_BAND, 4.0, np.random.default_rng(3)) for _ in range(2))
    assert first == second
    assert first != arrange(_BAND, 4.0, np.random.default_rng(4))


@pytest.mark.parametrize("seed", range(12))
def test_everyone_plays_within_range_and_time(seed):
    for player, part in zip(_BAND, arrange(_BAND, 8.0, np.random.default_rng(seed)), strict=True):
        assert (part.role, part.program) == (player.role, player.program)
        assert part.notes
        for note in part.notes:
            low, high = (35, 81) if part.role == DRUMS else pitch_range(part.program)
            assert low <= note.pitch <= high
            assert 20 <= note.velocity <= 120
            assert note.start_s >= 0
            assert note.start_s + note.duration_s <= 8.0 + 1e-9


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("line", [melody, chords, bass])
def test_lines_stay_in_key(line, seed):
    for event in line(_C_MAJOR, 8, (40, 79), np.random.default_rng(seed)):
        assert (event.pitch % 12 in _C_MAJOR.scale) or line is bass  # its fifths may leave it


@pytest.mark.parametrize("seed", range(6))
def test_melody_meets_the_chord_on_the_beat(seed):
    for event in melody(_C_MAJOR, 8, (60, 84), np.random.default_rng(seed)):
        if event.start % 1 == 0:
            assert event.pitch % 12 in _C_MAJOR.chord(int(event.start // 4))


def test_bass_starts_bars_on_the_root():
    for seed in range(6):
        starts = {
            event.start: event.pitch % 12
            for event in bass(_C_MAJOR, 4, (28, 55), np.random.default_rng(seed))
        }
        assert [starts[bar * 4] for bar in range(4)] == [0, 7, 0, 7]


def test_frames_differ_in_key_meter_and_tempo():
    frames = [draw_frame(np.random.default_rng(seed)) for seed in range(60)]
    assert {frame.tonic for frame in frames} == set(range(12))
    assert {frame.beats for frame in frames} == {3, 4, 6}
    assert len({frame.scale for frame in frames}) == 5
    assert all(60 / 168 / 2 <= frame.beat_s <= 60 / 66 for frame in frames)


def test_an_excerpt_cuts_notes_at_both_ends():
    notes = (ScoreNote(0, 2, 60, 80), ScoreNote(1.5, 3, 62, 80), ScoreNote(5, 1, 64, 80))
    part = ScorePart(role=MELODY, program=0, notes=notes).excerpt(1.0, 2.0)
    assert part.notes == (ScoreNote(0.0, 1.0, 60, 80), ScoreNote(0.5, 1.5, 62, 80))
