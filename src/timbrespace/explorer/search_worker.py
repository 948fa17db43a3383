"""The process that searches: queries in batches, hits as short lists.

Comes in: queries as `routes.finding.Search` describes them. Goes out: for each its hits, as id,
score and scores by aspect, or what is wrong with it.
"""

from __future__ import annotations

import base64
import binascii
import math
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError, TimbrespaceError
from timbrespace.explorer.workers import answer, messages
from timbrespace.library import Library
from timbrespace.library.query import ASPECTS, Example, Query


def search_on_demand(library: Path, asked: Connection) -> None:
    """Body of the process: answers lists of queries by lists of answers.

    Args:
        library: its folder.
        asked: gives queries, takes answers; its end is the process's end.
    """
    with Library.open(library, writable=False) as opened:
        for batch in messages(asked):
            answer(asked, answers(opened, batch))


def answers(library: Library, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answer to each query of a batch; a bad one does not spoil the others."""
    said: list[dict[str, Any]] = [{} for _ in batch]
    queries: dict[int, Query] = {}
    for place, asked in enumerate(batch):
        try:
            queries[place] = query_of(asked, library)
        except TimbrespaceError as fault:
            said[place] = {"fault": str(fault)}
    try:
        most = max((each["n"] for each in batch), default=1)
        found = library.hits_of_all(list(queries.values()), most)
    except TimbrespaceError as fault:
        if len(batch) == 1:
            return [{"fault": str(fault)}]
        return [answers(library, [asked])[0] for asked in batch]
    for place, hits in zip(queries, found, strict=True):
        n = batch[place]["n"]
        scores = np.column_stack([hits.scores, hits.aspects])[:n].astype(object)
        scores[np.isnan(scores.astype(np.float64))] = None  # where nothing was compared
        columns = dict(zip(("score", *ASPECTS), scores.T.tolist(), strict=True))
        said[place] = {"id": hits.ids[:n].tolist(), **columns}
    return said


def query_of(asked: dict[str, Any], library: Library) -> Query:
    """What is asked, as a query.

    Raises:
        InputError: the vector is none, or not of this library.
        ConfigError: as `Query`.
    """
    like: list[Any] = list(asked["like"])
    if asked["vector"] is not None:
        like.append(_example(asked, library.vectors.shape[1]))
    ranges = {
        name: (-math.inf if low is None else low, math.inf if high is None else high)
        for name, (low, high) in asked["ranges"].items()
    }
    weights = {name: weight for name, weight in asked["weights"].items() if weight > 0}
    return Query(
        like=like,
        unlike=asked["unlike"],
        words=asked["words"],
        ranges=ranges,
        tags=asked["tags"],
        only=asked["only"],
        weights=weights or {"timbre": 1.0},
    )


def _example(asked: dict[str, Any], size: int) -> Example:
    """The sound from outside that is asked for."""
    envelope = asked["envelope"]
    return Example(
        vector=vector_of(asked["vector"], size),
        pitch_midi=asked["pitch_midi"],
        brightness_hz=asked["brightness_hz"],
        envelope=None if envelope is None else bytes(envelope),
    )


def vector_of(text: str, size: int) -> npt.NDArray[np.float32]:
    """A vector from base64 of little-endian float32; unit length.

    Raises:
        InputError: it is none, or one of another size.
    """
    try:
        given = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("vector must be base64 of little-endian float32.") from None
    if len(given) != 4 * size or not size:
        raise InputError(f"vector must hold {size} float32 values; got {len(given)} bytes.")
    vector = np.frombuffer(given, "<f4").astype(np.float64)
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length < 1e-6:
        raise InputError("vector must be finite and not zero.")
    return np.asarray(vector / length, np.float32)
