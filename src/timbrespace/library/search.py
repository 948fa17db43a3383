"""Search a library: filters by SQL, examples by exact comparison with every vector.

Comes in: queries, the catalogue and its matrix. Goes out: a table for each, the best sound first,
with its score and one for each aspect. An index, where there is one, finds the candidates of a
large library; their scores are exact all the same, and so are searches that it cannot answer
because few sounds pass the filters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.errors import ConfigError, InputError
from timbrespace.library.catalogue import Catalogue
from timbrespace.library.filters import Condition, condition
from timbrespace.library.index import MOST_NEIGHBOURS, neighbours
from timbrespace.library.query import Example, Query
from timbrespace.library.results import results_table
from timbrespace.library.similarity import Matrix, Scores, cosines, largest, wanted_vector
from timbrespace.library.weighing import Hits, Weighing

_FIRST, _FIRST_BY_ASPECTS = 64, 2048  # candidates that are looked at first
_GROWTH = 16
_HOLES = 4  # candidates beyond those wanted, for slots that no sound has any more
_MOST_CANDIDATES = 32_768  # past these, all rows are gone through
_CHUNK_ROWS = 8192

_COLUMNS = "id, slot, pitch_midi, brightness_hz, envelope"

Slots = npt.NDArray[np.int64]


def search(catalogue: Catalogue, vectors: Matrix, query: Query, n: int = 20) -> pa.Table:
    """One query: see `search_all`."""
    return search_all(catalogue, vectors, [query], n)[0]


def search_all(
    catalogue: Catalogue, vectors: Matrix, queries: Sequence[Query], n: int = 20
) -> list[pa.Table]:
    """Answer queries, reading the matrix once for all of them.

    Args:
        catalogue: of the library.
        vectors: unit vectors by slot; (slots, dimensions).
        queries: whose examples are ids, vectors or `Example`s.
        n: most sounds to find for each.

    Returns:
        For each query a table of at most `n` sounds (see `results_table`). Sounds named as examples
        by id are not found. Without examples the sounds come as they were added, without scores.

    Raises:
        ConfigError: `n` is below 1.
        InputError: an example is unknown or does not fit the library's vectors.
    """
    return [results_table(catalogue, hits) for hits in hits_of_all(catalogue, vectors, queries, n)]


def hits_of_all(
    catalogue: Catalogue, vectors: Matrix, queries: Sequence[Query], n: int = 20
) -> list[Hits]:
    """As `search_all`, but ids and scores only, for those who answer many queries a second."""
    if n < 1:
        raise ConfigError(f"n must be at least 1, got {n}.")
    sought = [_Sought(catalogue, vectors, query) for query in queries]
    _read_at_once([each for each in sought if each.query.has_examples])
    return [each.hits(n) for each in sought]


class _Candidates(NamedTuple):
    """Slots and their cosines; `all_above` holds of every other sound's cosine."""

    slots: Slots
    cosines: Scores
    all_above: float


class _Sought:
    """One query on its way to an answer."""

    def __init__(self, catalogue: Catalogue, vectors: Matrix, query: Query) -> None:
        self.catalogue, self.vectors, self.query = catalogue, vectors, query
        self.all_cosines: Scores | None = None
        self._condition = _without_examples(condition(query), query)
        if query.has_examples:
            like = [_example(catalogue, vectors, each) for each in query.like]
            unlike = [_example(catalogue, vectors, each) for each in query.unlike]
            self.wanted = wanted_vector(like, unlike)
            self._weighing = Weighing(like, unlike, query.weights)

    @property
    def is_by_timbre(self) -> bool:
        """Whether the vectors alone rank the sounds."""
        return self._weighing.share_of_timbre == 1

    @property
    def takes_index(self) -> bool:
        """Whether the index can name the candidates."""
        return self.is_by_timbre and neighbours(self.catalogue, self.wanted, 1) is not None

    def hits(self, n: int) -> Hits:
        """The best `n` sounds that pass the filters."""
        if not self.query.has_examples:
            return self._first_added(n)
        for count in self._counts(n):
            candidates = self._nearest(count)
            found = self._weighed(self._rows_of(candidates.slots), candidates, n)
            if len(found.ids) == n and found.scores[-1] >= self._weighing.most(
                candidates.all_above
            ):
                return found
        return self._best_of_all(n)

    def _counts(self, n: int) -> Iterator[int]:
        if self._weighing.share_of_timbre == 0:
            return
        count = max(4 * n, _FIRST if self.is_by_timbre else _FIRST_BY_ASPECTS)
        if self.is_by_timbre and not self.query.has_filters:
            count = n + len(self.query.like) + len(self.query.unlike) + _HOLES
        while count <= _MOST_CANDIDATES:
            yield count
            count *= _GROWTH

    def _nearest(self, count: int) -> _Candidates:
        if self.all_cosines is None and count <= MOST_NEIGHBOURS:
            slots = neighbours(self.catalogue, self.wanted, count)
            if slots is not None:
                found = cosines(self.vectors[slots], self.wanted[None])[0]
                return _Candidates(slots, found, float(found.min(initial=1)))
        scores = self._exact_cosines()
        slots = largest(scores, count)
        return _Candidates(slots, scores[slots], float(scores[slots].min(initial=1)))

    def _exact_cosines(self) -> Scores:
        if self.all_cosines is None:
            self.all_cosines = cosines(self.vectors, self.wanted[None])[0]
        return self.all_cosines

    def _rows_of(self, slots: Slots) -> list[tuple[Any, ...]]:
        sql = f"SELECT {_COLUMNS} FROM heard WHERE slot IN (SELECT value FROM json_each(?))"
        values = [json.dumps(slots.tolist()), *self._condition.values]
        return self.catalogue.execute(f"{sql} AND {self._condition.sql}", values).fetchall()

    def _best_of_all(self, n: int) -> Hits:
        rows = self.catalogue.execute(
            f"SELECT {_COLUMNS} FROM heard WHERE {self._condition.sql}", self._condition.values
        )
        scores = self._exact_cosines()
        everything = _Candidates(np.arange(scores.size), scores, -1.0)
        best = Hits.none()
        while chunk := rows.fetchmany(_CHUNK_ROWS):
            best = best.joined(self._weighed(chunk, everything, n)).best(n)
        return best

    def _weighed(self, rows: list[tuple[Any, ...]], candidates: _Candidates, n: int) -> Hits:
        slots = np.array([row[1] for row in rows], np.int64)
        order = np.argsort(candidates.slots)
        places = order[np.searchsorted(candidates.slots, slots, sorter=order)]
        return self._weighing.hits(rows, candidates.cosines[places]).best(n)

    def _first_added(self, n: int) -> Hits:
        rows = self.catalogue.execute(
            f"SELECT id FROM heard WHERE {self._condition.sql} ORDER BY id LIMIT ?",
            [*self._condition.values, n],
        )
        return Hits.unranked([number for (number,) in rows])


def _read_at_once(sought: Sequence[_Sought]) -> None:
    """Compare every vector with what all those queries want that the index cannot answer."""
    exact = [each for each in sought if not each.takes_index]
    if exact:
        found = cosines(exact[0].vectors, np.stack([each.wanted for each in exact]))
        for each, row in zip(exact, found, strict=True):
            each.all_cosines = row


def _without_examples(found: Condition, query: Query) -> Condition:
    ids = [int(each) for each in (*query.like, *query.unlike) if _is_id(each)]
    if not ids:
        return found
    places = ", ".join("?" for _ in ids)
    return Condition(f"{found.sql} AND id NOT IN ({places})", [*found.values, *ids])


def _example(catalogue: Catalogue, vectors: Matrix, given: Any) -> Example:
    if isinstance(given, Example):
        return given
    if not _is_id(given):
        return Example(vector=np.asarray(given, np.float32))
    row = catalogue.execute(
        "SELECT slot, pitch_midi, brightness_hz, envelope FROM heard WHERE id = ?", [int(given)]
    ).fetchone()
    if row is None:
        raise InputError(f"no sound of the library has the id {given}.")
    slot, pitch_midi, brightness_hz, envelope = row
    return Example(
        vector=vectors[slot].astype(np.float32),
        pitch_midi=pitch_midi,
        brightness_hz=brightness_hz,
        envelope=envelope,
    )


def _is_id(given: Any) -> bool:
    return isinstance(given, int | np.integer)
