"""The filters of a query as SQL over the view `heard`.

Comes in: a `Query`. Goes out: a condition and the values bound in it; nothing that a person typed
becomes part of the SQL.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from timbrespace.library.query import LABELS, Query, parse_words

# a file's name with its folder's: the path without the folder above
_FOLDER = "rtrim(path, replace(path, '/', ''))"
_NEAR_NAME = f"substr(path, 1 + length(rtrim(rtrim({_FOLDER}, '/'), replace({_FOLDER}, '/', ''))))"
_WORD = " OR ".join(
    [
        *(f"{text} LIKE ? ESCAPE '\\'" for text in (_NEAR_NAME, *LABELS)),
        "EXISTS (SELECT 1 FROM tags WHERE sound_id = heard.id AND tag LIKE ? ESCAPE '\\')",
    ]
)


class Condition(NamedTuple):
    """A condition on rows of `heard`.

    Attributes:
        sql: with a place for each value.
        values: to be bound, in order.
    """

    sql: str
    values: list[Any]


def condition(query: Query) -> Condition:
    """What a sound has to fulfil to be found; true for a query without filters."""
    parts = list(_conditions(query))
    if not parts:
        return Condition("TRUE", [])
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql, [value for part in parts for value in part.values])


def _conditions(query: Query) -> Iterator[Condition]:
    for tag in query.tags:
        yield Condition("id IN (SELECT sound_id FROM tags WHERE tag = ?)", [tag])
    for column, values in query.only.items():
        places = ", ".join("?" for _ in values)
        yield Condition(f"{column} IN ({places})", list(values))
    for column, (low, high) in query.ranges.items():
        if low > -math.inf:
            yield Condition(f"{column} >= ?", [low])
        if high < math.inf:
            yield Condition(f"{column} <= ?", [high])
    for word in parse_words(query.words):
        yield Condition(_WORD, [f"%{_literal(word)}%"] * _WORD.count("?"))


def _literal(word: str) -> str:
    """The word as LIKE finds it letter by letter."""
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return word
