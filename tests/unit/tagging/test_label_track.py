import pytest

from timbrespace.tagging import Span, label_track


def read(text):
    """As Audacity does: a line a label, three fields between tabs."""
    labels = []
    for line in text.split("\n")[:-1]:
        start, end, name = line.split("\t")
        labels.append((name, float(start), float(end)))
    return labels


def test_labels_are_read_back():
    spans = [Span("flute", 0.5, 10_800.123456), Span("acoustic-guitar", 1 / 3, 2.0)]
    assert read(label_track(spans)) == [
        ("flute", 0.5, 10_800.123456),
        ("acoustic-guitar", 0.333333, 2.0),
    ]
    assert label_track([]) == ""


@pytest.mark.parametrize("letter", ["\t", "\n", "\r\n", "\x00", "\u2028", "\x1b", "\x85"])
def test_no_name_breaks_a_line(letter):
    ((name, *_),) = read(label_track([Span(f"pipe{letter}organ", 0, 1)]))
    assert name == "pipe organ"
