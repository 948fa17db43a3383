from dataclasses import replace

import numpy as np
import pytest

from timbrespace.rendering.mixes import fonts_of_splits
from timbrespace.rendering.mixes.score import DRUMS, MELODY, ScoreNote, ScorePart
from timbrespace.rendering.mixes.stems import Room, Stem, draw_stem, has_vibrato, render_stem

pytestmark = pytest.mark.usefixtures("fluidsynth")

_ROOM = Room(0.5, 0.5, 0.5)
_NOTES = (ScoreNote(0.0, 0.5, 60, 100), ScoreNote(1.2, 0.5, 64, 100))


@pytest.fixture
def stem(orchestra) -> Stem:
    (font,) = fonts_of_splits([orchestra], [orchestra])["train"]
    part = ScorePart(role=MELODY, program=40, notes=_NOTES)
    return Stem(part=part, font=font, pan=64, reverb=0, chorus=0, vibrato=0, below_db=0.0)


def _played(stem: Stem, *, lead_in_s: float = 0.0, duration_s: float = 2.0) -> np.ndarray:
    return render_stem(
        stem, _ROOM, lead_in_s=lead_in_s, duration_s=duration_s, sample_rate_hz=16_000
    )


def test_what_is_played_depends_on_nothing_that_was_played_before(stem):
    first = _played(stem)
    _played(replace(stem, part=replace(stem.part, program=0), reverb=100, chorus=100))
    assert np.array_equal(first, _played(stem))


def test_the_lead_in_is_played_and_left_out(stem):
    whole, rest = _played(stem), _played(stem, lead_in_s=0.25, duration_s=1.75)
    assert rest.shape == (28_000,)
    assert np.abs(rest).max() > 0.01
    np.testing.assert_allclose(rest, whole[4_000:], atol=1e-6)


def test_notes_sound_in_their_time(stem):
    waveform = _played(stem)
    assert np.abs(waveform[1_600:6_400]).max() > 0.01
    assert np.abs(waveform[16_000:18_400]).max() < 1e-3
    assert np.abs(waveform[20_800:25_600]).max() > 0.01


def test_reverb_rings_on(stem):
    dry, wet = (_played(replace(stem, reverb=reverb)) for reverb in (0, 127))
    rest = slice(16_000, 18_400)
    assert np.abs(wet[rest]).max() > 10 * np.abs(dry[rest]).max()


def test_drums_are_played_by_a_kit(stem):
    drums = replace(stem, part=replace(stem.part, role=DRUMS, program=0))
    assert drums.bank == 128
    assert not np.allclose(
        _played(drums), _played(replace(stem, part=replace(drums.part, role=MELODY)))
    )


@pytest.mark.parametrize(
    ("program", "role", "expected"),
    [(40, MELODY, True), (73, MELODY, True), (0, MELODY, False), (25, MELODY, False)]
    + [(45, MELODY, False), (40, DRUMS, False)],
)
def test_vibrato_is_for_what_is_bowed_blown_or_sung(stem, rng, program, role, expected):
    part = ScorePart(role=role, program=program, notes=_NOTES)
    assert has_vibrato(part) == expected
    drawn = [draw_stem(part, stem.font, 0.0, rng).vibrato for _ in range(5)]
    assert any(drawn) == expected
