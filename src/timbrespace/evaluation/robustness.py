"""What a search by sound finds again.

Comes in: one vector per sound, and the manifest's columns. Goes out: a `Retrieval` of each search:
for the instrument, for its family by other instruments, for the instrument where it plays in
another octave or at another loudness, and for its kind by another maker. Only sounds whose columns
are all known take part in a search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.errors import InputError
from timbrespace.evaluation.retrieval import Flags, Retrieval, Rows, Search, retrieve
from timbrespace.evaluation.silhouette import silhouette
from timbrespace.evaluation.vectors import Vectors, unit_vectors

Columns = Mapping[str, Rows]


class Question(NamedTuple):
    """A search, by the columns that it reads.

    Attributes:
        columns: all must be known; the first tells kinds apart.
        answers: columns and rows of queries to flags (queries, sounds), as `Search` has them.
    """

    columns: tuple[str, ...]
    answers: Callable[[Columns, Rows], Flags]


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """What the searches found.

    Attributes:
        found: by name of the search.
        skipped: the reason by name of each search that could not be made.
        silhouettes: of family and instrument, where two or more are known.
    """

    found: dict[str, Retrieval]
    skipped: dict[str, str]
    silhouettes: dict[str, float]

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        found = {name: retrieval.as_record() for name, retrieval in self.found.items()}
        return {"searches": found, "skipped": self.skipped, "silhouettes": self.silhouettes}


def search_all(
    vectors: npt.ArrayLike, table: pa.Table, *, ks: tuple[int, ...] = (1, 5, 10)
) -> SearchResults:
    """Make each search of `QUESTIONS` that the table's columns allow.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        table: the manifest's columns; a row for each vector.
        ks: how many neighbours are looked at, each >= 1.

    Raises:
        ConfigError: a `k` is below 1.
        InputError: vectors and rows differ in number, a vector has no direction, or no search can
            be made.
    """
    unit = unit_vectors(vectors)
    if len(unit) != table.num_rows:
        raise InputError(f"{table.num_rows} rows need as many vectors; got {len(unit)}.")
    columns = _columns(table)
    found, skipped = {}, {}
    for name, question in QUESTIONS.items():
        try:
            rows, search = _search(columns, question)
            found[name] = retrieve(unit[rows], search, ks=ks)
        except InputError as reason:
            skipped[name] = str(reason)
    if not found:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise InputError(f"no search can be made ({reasons}).")
    return SearchResults(found=found, skipped=skipped, silhouettes=_silhouettes(unit, columns))


def _other(name: str) -> Callable[[Columns, Rows], Flags]:
    return lambda columns, rows: columns[name][rows, None] != columns[name]


def _octaves_away(columns: Columns, rows: Rows) -> Flags:
    interval = np.abs(columns["pitch_midi"][rows, None] - columns["pitch_midi"])
    return np.isin(interval, (12, 24))


def _only_loudness_differs(columns: Columns, rows: Rows) -> Flags:
    equal = [columns[name][rows, None] == columns[name] for name in ("pitch_midi", "technique")]
    return np.asarray(np.logical_and(*equal) & _other("loudness")(columns, rows))


def _another_by_another_maker(columns: Columns, rows: Rows) -> Flags:
    """The maker alone does not do: SoundFonts share recordings, which count as one instrument."""
    return _other("maker")(columns, rows) & _other("instrument")(columns, rows)


def _every(columns: Columns, rows: Rows) -> Flags:
    return np.ones((rows.size, columns["instrument"].size), dtype=np.bool_)


QUESTIONS: Mapping[str, Question] = {
    "instrument": Question(("instrument",), _every),
    "family": Question(("family", "instrument"), _other("instrument")),
    "octave": Question(("instrument", "pitch_midi"), _octaves_away),
    "loudness": Question(
        ("instrument", "pitch_midi", "technique", "loudness"), _only_loudness_differs
    ),
    "maker": Question(("kind", "maker", "instrument"), _another_by_another_maker),
}


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    """The manifest's columns, and those that follow from them."""
    return {
        **{name: table[name] for name in ("instrument", "kind", "family", "pitch_midi", "maker")},
        "technique": pc.fill_null(table["technique"], ""),
        "loudness": pc.coalesce(table["velocity"].cast(pa.string()), table["dynamics"]),
    }


def _search(columns: Mapping[str, pa.ChunkedArray], question: Question) -> tuple[Rows, Search]:
    """Rows that take part, and what they have to find."""
    rows = _known_rows([columns[name] for name in question.columns])
    if not rows.size:
        raise InputError(f"no sound has {' and '.join(question.columns)}")
    known = {name: _codes(columns[name].take(rows)) for name in question.columns}
    search = Search(known[question.columns[0]], lambda queries: question.answers(known, queries))
    return rows, search


def _known_rows(columns: list[pa.ChunkedArray]) -> Rows:
    known = [pc.is_valid(column).to_numpy() for column in columns]
    return np.flatnonzero(np.logical_and.reduce(known))


def _codes(column: pa.ChunkedArray) -> Rows:
    """Whole numbers as they are, words by their place in the alphabet."""
    values = column.to_numpy()
    if pa.types.is_integer(column.type):
        return np.asarray(values, dtype=np.intp)
    return np.asarray(np.unique(values.astype(np.str_), return_inverse=True)[1])


def _silhouettes(unit: Vectors, columns: Mapping[str, pa.ChunkedArray]) -> dict[str, float]:
    found = {}
    for name in ("family", "instrument"):
        rows = _known_rows([columns[name]])
        labels = _codes(columns[name].take(rows))
        if np.unique(labels).size > 1:
            found[name] = silhouette(unit[rows], labels)
    return found
