import pytest

from timbrespace.corpora.names import _INSTRUMENTS, family_of, midi_pitch
from timbrespace.manifest import FAMILIES


def test_families_are_nsynths() -> None:
    assert set(_INSTRUMENTS) <= set(FAMILIES)


def test_no_instrument_has_two_families() -> None:
    names = " ".join(_INSTRUMENTS.values()).split()
    assert len(names) == len(set(names))


def test_family_of_an_unknown_instrument_is_none() -> None:
    assert family_of("kazoo") is None


@pytest.mark.parametrize(
    ("note", "pitch"), [("C4", 60), ("A0", 21), ("C8", 108), ("As4", 70), ("C-1", 0), ("Cb4", 59)]
)
def test_pitch_of_a_note(note: str, pitch: int) -> None:
    assert midi_pitch(note) == pitch


def test_semitones_follow_each_other() -> None:
    scale = ("C4", "C#4", "D4", "D#4", "E4", "F4", "F#4", "G4", "G#4", "A4", "A#4", "B4", "C5")
    assert [midi_pitch(note) for note in scale] == list(range(60, 73))


@pytest.mark.parametrize("note", ["", "H4", "a4", "A", "A4 ", "60", "A44", "A##4"])
def test_other_words_are_no_note(note: str) -> None:
    assert midi_pitch(note) is None
