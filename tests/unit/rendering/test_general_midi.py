import pytest

from timbrespace.manifest import FAMILIES, SOURCES
from timbrespace.rendering import PITCHED_PROGRAMS, PROGRAMS


def test_there_are_128_programs_of_different_names():
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS) == 128


def test_families_and_sources_are_nsynths():
    pitched = [PROGRAMS[number] for number in PITCHED_PROGRAMS]
    assert {program.family for program in pitched} == set(FAMILIES)
    assert {program.source for program in pitched} == set(SOURCES)


def test_what_is_not_pitched_has_neither():
    others = {number for number in range(128) if number not in PITCHED_PROGRAMS}
    assert others == {55, 113, *range(115, 128)}
    assert all(PROGRAMS[number].source is None for number in others)


@pytest.mark.parametrize(
    ("number", "name", "family", "source"),
    [
        (0, "Acoustic Grand Piano", "keyboard", "acoustic"),
        (16, "Drawbar Organ", "organ", "electronic"),
        (21, "Accordion", "reed", "acoustic"),
        (39, "Synth Bass 2", "bass", "synthetic"),
        (40, "Violin", "string", "acoustic"),
        (47, "Timpani", "mallet", "acoustic"),
        (54, "Synth Voice", "vocal", "synthetic"),
        (63, "Synth Brass 2", "brass", "synthetic"),
        (71, "Clarinet", "reed", "acoustic"),
        (79, "Ocarina", "flute", "acoustic"),
        (88, "Pad 1 (new age)", "synth_lead", "synthetic"),
        (104, "Sitar", "guitar", "acoustic"),
        (110, "Fiddle", "string", "acoustic"),
        (114, "Steel Drums", "mallet", "acoustic"),
        (127, "Gunshot", None, None),
    ],
)
def test_programs_stand_at_their_general_midi_numbers(number, name, family, source):
    program = PROGRAMS[number]
    assert (program.name, program.family, program.source) == (name, family, source)
