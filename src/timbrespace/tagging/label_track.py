"""Spans as a label track of Audacity (File > Import > Labels).

Comes in: spans. Goes out: text, a line each: start and end in seconds and the name, between tabs.
"""

from __future__ import annotations

from collections.abc import Iterable

from timbrespace.tagging.timeline import Span


def label_track(spans: Iterable[Span]) -> str:
    r"""The text of a label track; empty without spans.

    Names become one line: tabs, line ends and other control characters become spaces.

    Example:
        >>> label_track([Span("flute", 0.5, 2.0), Span("pipe\torgan", 1.0, 1.5)])
        '0.500000\t2.000000\tflute\n1.000000\t1.500000\tpipe organ\n'

    Source: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
    """
    return "".join(
        f"{span.start_s:.6f}\t{span.end_s:.6f}\t{_one_line(span.label)}\n" for span in spans
    )


def _one_line(name: str) -> str:
    letters = (letter if letter.isprintable() else " " for letter in name)
    return " ".join("".join(letters).split())
