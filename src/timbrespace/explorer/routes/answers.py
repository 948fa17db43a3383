"""What answers of several routes share: numbers as bytes, faults, one sound as JSON.

Comes in: arrays and rows. Goes out: responses, and how the interface's description tells of them.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from fastapi import HTTPException, Path, Response
from pydantic import BaseModel, ConfigDict, Field

MOST_IDS = 1_000_000

SoundId = Annotated[int, Field(ge=0, lt=2**32)]
SoundIdInPath = Annotated[int, Path(ge=0, lt=2**32)]
Ids = Annotated[list[SoundId], Field(max_length=MOST_IDS)]
Word = Annotated[str, Field(max_length=200)]


class Asked(BaseModel):
    """A request's body; what is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Hit(BaseModel):
    """A sound that was found."""

    id: int
    row: int
    score: float | None
    aspects: dict[str, float]


_FAULT = {
    "schema": {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    }
}
BINARY: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


def faults(**reasons: str) -> dict[int | str, dict[str, Any]]:
    """Answers that say why not, for the description: `faults(_404="There is no such sound.")`."""
    return {
        int(code.strip("_")): {"description": reason, "content": {"application/json": _FAULT}}
        for code, reason in reasons.items()
    }


class Bytes(Response):
    """Numbers, little-endian."""

    media_type = "application/octet-stream"


def binary(values: npt.NDArray[Any], kind: str) -> Bytes:
    """An array as little-endian numbers of one kind, as "<f4"."""
    return Bytes(np.ascontiguousarray(values, kind).tobytes())


def as_sound(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the library as JSON."""
    left_out = ("slot", "file_id", "envelope", "mtime_ns")
    sound = {name: value for name, value in row.items() if name not in left_out}
    sound["waveform"] = np.frombuffer(row["waveform"] or b"", np.int8).tolist()
    sound["nearest"] = json.loads(row["nearest"] or "[]")
    sound["favourite"] = bool(row["favourite"])
    return sound


def missing(what: str) -> HTTPException:
    """The answer where there is no such thing."""
    return HTTPException(404, f"there is no {what}; see /api/library for what there is.")
