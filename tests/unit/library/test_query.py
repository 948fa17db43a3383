import math

import pytest

from timbrespace.errors import ConfigError
from timbrespace.library.query import Query, note_midi, parse_range, parse_words


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("C3..C5", (47.5, 72.5)),
        ("A4", (68.5, 69.5)),
        ("..1s", (-math.inf, 1.0)),
        ("250ms..", (0.25, math.inf)),
        ("-20..-10", (-20.0, -10.0)),
        (" 20 .. 2kHz ", (20.0, 2_000.0)),
        (">=2000", (2_000.0, math.inf)),
        ("<=.5", (-math.inf, 0.5)),
        ("Bb-1..C0", (9.5, 12.5)),
        ("1e3..", (1_000.0, math.inf)),
        ("64", (64.0, 64.0)),
    ],
)
def test_ranges_are_read(text, ends):
    assert parse_range(text) == ends


def test_an_open_end_leaves_its_value_out():
    low, high = parse_range(">2000")[0], parse_range("<2000")[1]
    assert high < 2_000 < low
    assert low == pytest.approx(high)
    assert parse_range(">C4")[0] > 60.5


@pytest.mark.parametrize(
    "text", ["", "..", "loud", "1..2..3", "H3..C4", "1 banana", "nan", "1e999"]
)
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ConfigError, match="is no range"):
        parse_range(text)


def test_ends_the_wrong_way_round_are_refused():
    with pytest.raises(ConfigError, match="low end comes first"):
        parse_range("C5..C3")


def test_notes_are_midi_numbers():
    assert [note_midi(name) for name in ("C4", "c#4", "D♭4", "B3", "C-1", "G9")] == [
        60, 61, 61, 59, 0, 127,
    ]  # fmt: skip
    assert note_midi("A") is None


def test_quotes_keep_words_together():
    assert parse_words('deep "long tail"  kick') == ["deep", "long tail", "kick"]
    assert parse_words("") == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ranges": {"colour": (0, 1)}}, "no range 'colour'"),
        ({"ranges": {"pitch": (2, 1)}}, "pitch_midi needs a low end"),
        ({"ranges": {"pitch": (math.nan, 1)}}, "pitch_midi needs a low end"),
        ({"only": {"path; DROP TABLE": {"a"}}}, "no label"),
        ({"weights": {"smell": 1}}, "no aspect 'smell'"),
        ({"weights": {"timbre": 0}}, "weights"),
        ({"weights": {"timbre": -1, "pitch": 2}}, "weights"),
    ],
)
def test_a_query_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ConfigError, match=message):
        Query(**wrong)
