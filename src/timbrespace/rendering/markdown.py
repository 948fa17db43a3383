"""Markdown as it stands in files: lines of at most 100 characters, and tables.

Comes in: text and rows. Goes out: Markdown without a line break at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Any

_WIDTH = 100


def paragraph(text: str) -> str:
    """Text in lines of equal length, however it came.

    Example:
        >>> paragraph("one     two")
        'one two'
    """
    return fill(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; whole numbers are written with commas.

    Example:
        >>> print(table(("split", "notes"), [("train", 1_000)]))
        | split | notes |
        | --- | --- |
        | train | 1,000 |
    """
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
