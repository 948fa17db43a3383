"""Finding: search, a sound that was dropped, and whether sounds are of one instrument.

Comes in: queries, audio, ids. Goes out: hits, places on the map, scores.
"""

from __future__ import annotations

import time
from asyncio import wrap_future
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any, Literal, Self

import numpy as np
from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, Field, FiniteFloat, model_validator

from timbrespace.errors import InputError
from timbrespace.explorer.columns import Categories
from timbrespace.explorer.explorer import Explorer, ExplorerHere
from timbrespace.explorer.points import Points
from timbrespace.explorer.routes.answers import Asked, Hit, Ids, Word, faults
from timbrespace.explorer.search_worker import vector_of
from timbrespace.explorer.searches import Answer
from timbrespace.explorer.verifying import threshold_at_eer, verification_scores
from timbrespace.library.query import ASPECTS

router = APIRouter(prefix="/api", tags=["finding"])

_MOST_HITS = 1000
_MOST_EXAMPLES = 1000
_MOST_VERIFIED = 10_000
_PLACED_HITS = 20
_ENVELOPE_POINTS = 64
_COMPARED_BY = ("vector", "pitch_midi", "brightness_hz", "envelope")

Examples = Annotated[Ids, Field(max_length=_MOST_EXAMPLES)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Pitch = Annotated[float, Field(ge=0, le=128, allow_inf_nan=False)]
Brightness = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Level = Annotated[int, Field(ge=0, le=255)]
Envelope = Annotated[list[Level], Field(min_length=_ENVELOPE_POINTS, max_length=_ENVELOPE_POINTS)]
Ends = tuple[FiniteFloat | None, FiniteFloat | None]
Aspect = Literal["timbre", "pitch", "envelope", "brightness"]
Label = Literal["instrument", "family", "source"]
Ranged = Literal[
    "pitch_midi",
    "velocity",
    "duration_s",
    "brightness_hz",
    "loudness_lufs",
    "noisiness",
    "attack_s",
    "favourite",
]


class Search(Asked):
    """What is looked for; what is left out does not narrow the search.

    A sound from outside is given by its vector, pitch, brightness and envelope, as `Placed` has
    them.
    """

    like: Examples = Field(default_factory=list)
    unlike: Examples = Field(default_factory=list)
    vector: Annotated[str, Field(max_length=100_000)] | None = None
    pitch_midi: Pitch | None = None
    brightness_hz: Brightness | None = None
    envelope: Envelope | None = None
    words: Word = ""
    ranges: dict[Ranged, Ends] = Field(default_factory=dict)
    only: dict[Label, list[Word]] = Field(default_factory=dict)
    tags: list[Word] = Field(default_factory=list)
    weights: dict[Aspect, Weight] = Field(default_factory=dict)
    n: Annotated[int, Field(ge=1, le=_MOST_HITS)] = 20

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        others = [name for name in _COMPARED_BY[1:] if getattr(self, name) is not None]
        if self.vector is None and others:
            raise ValueError(f"{others[0]} is of a sound from outside; give its vector too.")
        return self


class Found(BaseModel):
    """Hits, the best first."""

    hits: list[Hit]
    took_ms: float


class Placed(BaseModel):
    """What was heard of a sound, and where it belongs."""

    vector: str
    positions: dict[str, list[float]]
    hits: list[Hit]
    family: list[tuple[str, float]]
    source: list[tuple[str, float]]
    nearest: list[tuple[str, float]]
    duration_s: float
    pitch_midi: float | None
    brightness_hz: float | None
    envelope: list[int]
    waveform: list[int]


class Verify(Asked):
    """Sounds of one instrument, and sounds that may be of it."""

    enrolment: Annotated[Ids, Field(min_length=1, max_length=_MOST_VERIFIED)]
    test: Annotated[Ids, Field(min_length=1, max_length=_MOST_VERIFIED)]


class Verified(BaseModel):
    """Scores, and which of them are accepted."""

    scores: list[float]
    threshold: float
    eer: float
    n_instruments: int
    accepted: list[bool]


@router.post("/search")
async def search(asked: Search, explorer: ExplorerHere) -> Found:
    """The sounds that answer a query best."""
    start = time.perf_counter()
    found = await wrap_future(explorer.searches.submit(asked.model_dump()))
    hits = hits_of(found, explorer.points)
    return Found(hits=hits, took_ms=1e3 * (time.perf_counter() - start))


async def _uploaded(request: Request) -> bytes:
    return await request.body()


@router.post(
    "/place",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
    responses=faults(
        _413="The sound is too large.",
        _415="The sound cannot be decoded, is silent or takes too long.",
        _503="Too many sounds wait to be heard.",
    ),
)
async def place(explorer: ExplorerHere, audio: Annotated[bytes, Depends(_uploaded)]) -> Placed:
    """Hear a sound: where it belongs on the maps, what it is like and most likely is."""
    if not audio:
        raise InputError("the body must be an audio file, it is empty.")
    heard = await explorer.run(_heard, explorer, audio)
    points = explorer.points
    like_it = Search(**{name: heard[name] for name in _COMPARED_BY}, n=_PLACED_HITS)
    found = await wrap_future(explorer.searches.submit(like_it.model_dump()))
    vector = vector_of(heard["vector"], explorer.library.vectors.shape[1])
    positions = await explorer.run(explorer.projections.place, vector, points)
    return Placed(**heard, positions=positions, hits=hits_of(found, points))


@router.post(
    "/verify",
    responses=faults(
        _404="A sound is not on the map.", _409="The library has too few labelled instruments."
    ),
)
async def verify(asked: Verify, explorer: ExplorerHere) -> Verified:
    """How alike sounds are to those enrolled, and which pass at the equal error rate."""
    return await explorer.run(_verified, asked, explorer)


def hits_of(found: Answer, points: Points) -> list[Hit]:
    """Hits of a search; row -1 for one that the map does not show."""
    rows = points.rows_of(found["id"]).tolist()
    aspects = [found[name] for name in ASPECTS]
    return [
        Hit(
            id=number,
            row=row,
            score=score,
            aspects={
                name: said for name, said in zip(ASPECTS, scores, strict=True) if said is not None
            },
        )
        for number, row, score, *scores in zip(
            found["id"], rows, found["score"], *aspects, strict=True
        )
    ]


def _heard(explorer: Explorer, audio: bytes) -> dict[str, Any]:
    with NamedTemporaryFile(prefix="timbrespace-") as file:
        file.write(audio)
        file.flush()
        return explorer.placer.hear(Path(file.name))


def _verified(asked: Verify, explorer: Explorer) -> Verified:
    points = explorer.points
    rows = points.rows_of([*asked.enrolment, *asked.test])
    if (rows < 0).any():
        raise HTTPException(404, f"{int((rows < 0).sum())} sounds are not on the map.")
    vectors = explorer.vectors(points)
    enrolled = vectors[rows[: len(asked.enrolment)]]
    try:
        threshold = threshold_at_eer(
            vectors, _instruments(explorer), n_enrolled=len(set(asked.enrolment))
        )
    except InputError as fault:
        raise HTTPException(409, str(fault)) from fault
    scores = verification_scores(enrolled, vectors[rows[len(asked.enrolment) :]])
    return Verified(
        scores=scores,
        threshold=threshold.score,
        eer=threshold.eer,
        n_instruments=threshold.n_instruments,
        accepted=[bool(score >= threshold.score) for score in np.asarray(scores)],
    )


def _instruments(explorer: Explorer) -> list[str | None]:
    column = explorer.column("instrument")
    if not isinstance(column, Categories):
        return []
    names = [*column.values, None]
    return [names[min(code, len(names) - 1)] for code in column.codes.tolist()]
