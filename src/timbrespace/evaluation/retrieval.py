"""How well the neighbours of a sound share its label, in the manner of a search.

Comes in: one vector per sound, and what is a right answer to what. Goes out: rates from 0 to 1,
higher is better. Each sound is the query once and is never its own answer; likeness is the float32
cosine; sounds without a right answer are no queries, but can be wrong answers. Sounds that are
equally alike count against the query, so that order never matters. Similarities are computed in
blocks, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.labels import checked_labels
from timbrespace.evaluation.ranking import average_precision
from timbrespace.evaluation.vectors import unit_vectors

_BLOCK_SIMILARITIES = 1 << 24

Similarities = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]


class Search(NamedTuple):
    """What a search has to find.

    Attributes:
        kinds: sounds of another kind than the query's are wrong answers; (sounds,).
        answers: rows of queries to flags (queries, sounds): of the query's kind, those flagged are
            right answers, the others are taken out of the ranking. So is the query itself.
    """

    kinds: Rows
    answers: Callable[[Rows], Flags]


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """What a search found.

    Attributes:
        recall: share of queries with a right answer among their k nearest, by k.
        mean_average_precision: mean over queries of the average precision of the whole ranking.
        chance: mean share of right answers, which a random order has as recall at 1.
        n_queries: sounds that have a right answer.
        n_sounds: sounds searched.
    """

    recall: dict[int, float]
    mean_average_precision: float
    chance: float
    n_queries: int
    n_sounds: int

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return asdict(self)


def retrieve(
    vectors: npt.ArrayLike, search: Search, *, ks: tuple[int, ...] = (1, 5, 10)
) -> Retrieval:
    """Search with every sound.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        search: what is to be found.
        ks: how many neighbours are looked at, each >= 1.

    Raises:
        ConfigError: a `k` is below 1.
        InputError: a vector has no direction, kinds differ from them in number, or no sound has a
            right answer.
    """
    _check_neighbours(*ks)
    wrong_before, precisions, shares = [], [], []
    for similarity, right in _queries(vectors, search):
        wrong_before.append(_wrong_before(similarity, right))
        precisions += _precisions(similarity, right)
        shares.append(right.sum(axis=1) / np.isfinite(similarity).sum(axis=1))
    before = np.concatenate(wrong_before)
    return Retrieval(
        recall={k: float((before < k).mean()) for k in ks},
        mean_average_precision=float(np.mean(precisions)),
        chance=float(np.concatenate(shares).mean()),
        n_queries=before.size,
        n_sounds=search.kinds.size,
    )


def same_label(labels: npt.ArrayLike, n_sounds: int) -> Search:
    """The search for other sounds of the same label.

    Args:
        labels: the label of each sound; (sounds,).
        n_sounds: how many there have to be.

    Raises:
        InputError: there are more or fewer, or one is None.
    """
    _, codes = np.unique(checked_labels(labels, n_sounds), return_inverse=True)
    return Search(codes, lambda rows: np.ones((rows.size, codes.size), dtype=np.bool_))


def nearest_neighbour_accuracy(vectors: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Share of sounds whose nearest other sound has the same label.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        labels: the label of each sound; (sounds,).

    Raises:
        InputError: as `recall_at`.

    Example:
        >>> nearest_neighbour_accuracy([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], ["a", "a", "b", "b"])
        1.0
    """
    return recall_at(1, vectors, labels)


def recall_at(k: int, vectors: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Share of sounds with at least one sound of the same label among their `k` nearest.

    Args:
        k: how many neighbours are looked at, >= 1.
        vectors: (sounds, dimensions), finite, no row all zero.
        labels: the label of each sound; (sounds,).

    Raises:
        ConfigError: `k` is below 1.
        InputError: vectors and labels differ in number, a label is None, a vector has no direction,
            or every label stands only once.

    Source: Jégou et al. 2011, "Product quantization for nearest neighbor search",
    doi:10.1109/TPAMI.2010.57.
    """
    _check_neighbours(k)
    blocks = _queries(vectors, same_label(labels, len(np.asarray(vectors))))
    return float(np.concatenate([_wrong_before(*block) < k for block in blocks]).mean())


def mean_average_precision(vectors: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Mean over queries of the average precision of the ranking of all other sounds.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        labels: the label of each sound; (sounds,).

    Raises:
        InputError: as `recall_at`.
    """
    blocks = _queries(vectors, same_label(labels, len(np.asarray(vectors))))
    return float(np.mean([value for block in blocks for value in _precisions(*block)]))


def _queries(vectors: npt.ArrayLike, search: Search) -> Iterator[tuple[Similarities, Flags]]:
    """Blocks of (queries, sounds): similarity, -inf to what is not ranked; and is right."""
    unit = unit_vectors(vectors).astype(np.float32)
    if search.kinds.shape != (len(unit),):
        raise InputError(f"{len(unit)} vectors need as many kinds; got {search.kinds.shape}.")
    found = False
    step = max(1, _BLOCK_SIMILARITIES // len(unit))
    for start in range(0, len(unit), step):
        rows = np.arange(start, min(start + step, len(unit)))
        same = search.kinds[rows, None] == search.kinds
        right = same & search.answers(rows)
        right[np.arange(rows.size), rows] = False
        asked = right.any(axis=1)
        if asked.any():
            found = True
            similarity = unit[rows[asked]] @ unit.T
            similarity[(same & ~right)[asked]] = -np.inf
            yield similarity, right[asked]
    if not found:
        raise InputError("no sound has a right answer: no two sounds belong together.")


def _wrong_before(similarity: Similarities, right: Flags) -> Rows:
    """Wrong answers that are as near as the nearest right one, or nearer; (queries,)."""
    best = np.where(right, similarity, -np.inf).max(axis=1, keepdims=True)
    return np.asarray((~right & (similarity >= best)).sum(axis=1))


def _precisions(similarity: Similarities, right: Flags) -> list[float]:
    return [
        average_precision(row[row > -np.inf], row[relevant])
        for row, relevant in zip(similarity, right, strict=True)
    ]


def _check_neighbours(*ks: int) -> None:
    if min(ks) < 1:
        raise ConfigError(f"k must be at least 1, got {min(ks)}.")
