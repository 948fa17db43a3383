import re

import pytest

from timbrespace.corpora.hornbostel_sachs import _KINDS, hornbostel_sachs, tree_distance
from timbrespace.rendering.general_midi import PROGRAMS

NOWHERE = {"Choir Aahs", "Voice Oohs", "Brass Section", "Whistle"}


def test_no_kind_has_two_numbers():
    kinds = " ".join(_KINDS.values()).split()
    assert len(kinds) == len(set(kinds))


def test_numbers_are_numbers():
    assert all(re.fullmatch(r"[1-4]\d\d(\.\d+)*(-\d+)*", number) for number in _KINDS)


def test_every_acoustic_kind_of_general_midi_but_voices_and_mixtures_has_a_number():
    acoustic = {program.name for program in PROGRAMS if program.source == "acoustic"}
    assert {name for name in acoustic if hornbostel_sachs(name) is None} == NOWHERE


@pytest.mark.parametrize("kind", ["Lead 1 (square)", "Electric Guitar (jazz)", "kazoo", ""])
def test_what_has_no_place_has_no_number(kind):
    assert hornbostel_sachs(kind) is None


def test_an_oboe_is_nearer_to_an_english_horn_than_to_a_saxophone_and_that_than_to_a_banjo():
    oboe, *others = map(hornbostel_sachs, ("oboe", "English Horn", "Alto Sax", "Banjo"))
    assert [tree_distance(oboe, other) for other in others] == [0, 0.5, 1]


def test_distance_is_symmetric():
    assert tree_distance("321.322-5", "322.222-5") == tree_distance("322.222-5", "321.322-5") > 0
