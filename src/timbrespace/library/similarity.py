"""How alike sounds are: by timbre, from their vectors, and by pitch, envelope and brightness.

Comes in: the library's matrix, or descriptors of sounds, and the examples of a query. Goes out: a
score for each sound, 1 for equal, lower for less alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numkong
import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.library.query import Example

Matrix = npt.NDArray[np.float16]
Scores = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]

UNLIKE_SHARE = 0.5  # how much an example to be unlike counts against one to be like

_BLOCK_ROWS = 1 << 16
_BLOCK_SCORES = 64
_HALVING_SEMITONES = 4.0
_HALVING_OCTAVES = 0.5


def wanted_vector(like: Sequence[Example], unlike: Sequence[Example]) -> Scores:
    """The direction in which sounds are like some examples and unlike others; (dimensions,).

    The mean of the vectors to be like, less half the mean of those to be unlike.

    Args:
        like: may be empty.
        unlike: may be empty, but not both.

    Raises:
        InputError: the examples cancel out, or are vectors of different sizes.

    Source: Rocchio 1971, "Relevance feedback in information retrieval", in Salton (ed.), The SMART
    Retrieval System.
    """
    sizes = {example.vector.shape for example in (*like, *unlike)}
    if len(sizes) != 1:
        raise InputError(f"examples must be vectors of one size, got {sorted(sizes)}.")
    wanted = np.zeros(sizes.pop())
    for examples, share in ((like, 1.0), (unlike, -UNLIKE_SHARE)):
        if examples:
            wanted += share * np.mean([_unit(example.vector) for example in examples], axis=0)
    return _unit(wanted).astype(np.float32)


def cosines(vectors: Matrix, wanted: Scores) -> Scores:
    """Cosine of every row to each wanted direction, summed in float32.

    Args:
        vectors: unit vectors, C order; (rows, dimensions). May be mapped from disk.
        wanted: unit vectors; (queries, dimensions). They are rounded to float16.

    Returns:
        (queries, rows).

    Raises:
        InputError: the dimensions differ.
    """
    if wanted.shape[1:] != vectors.shape[1:]:
        raise InputError(
            f"the library's vectors have {vectors.shape[1]} dimensions, the examples' "
            f"{wanted.shape[-1]}; embed them by the library's encoder."
        )
    queries = np.ascontiguousarray(wanted, np.float16)
    found = np.empty((len(queries), len(vectors)), np.float32)
    packed = numkong.dots_pack(queries) if len(queries) > 1 else None
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        if packed is None:
            products = numkong.cdist(block, queries, "dot")
        else:
            products = numkong.dots_packed(block, packed)
        found[:, start : start + len(block)] = np.asarray(products).T
    return found


def largest(scores: Scores, count: int) -> npt.NDArray[np.int64]:
    """Places of the `count` largest scores, in no order; all if there are no more.

    The floor is such that so many blocks have a score that reaches it: what lies below is not
    sorted at all.
    """
    if count >= scores.size:
        return np.arange(scores.size)
    highest = scores[: scores.size // _BLOCK_SCORES * _BLOCK_SCORES]
    highest = highest.reshape(-1, _BLOCK_SCORES).max(axis=1)
    among = np.arange(scores.size)
    if highest.size > count:
        among = np.flatnonzero(scores >= np.partition(highest, -count)[-count])
    return np.asarray(among[np.argpartition(scores[among], -count)[-count:]])


def pitch_likeness(pitch_midi: Values, example: Example) -> Values:
    """1 for one pitch, half of it for each 4 semitones of difference; (sounds,).

    Sounds without pitch (NaN) are like an example without, and unlike one with a pitch.
    """
    return _likeness(pitch_midi, example.pitch_midi, _HALVING_SEMITONES)


def brightness_likeness(brightness_hz: Values, example: Example) -> Values:
    """1 for one brightness, half of it for each half octave of difference; (sounds,)."""
    wanted = None if not example.brightness_hz else float(np.log2(example.brightness_hz))
    octaves = np.log2(np.where(brightness_hz > 0, brightness_hz, np.nan))
    return _likeness(octaves, wanted, _HALVING_OCTAVES)


def envelope_likeness(envelopes: npt.NDArray[np.uint8], example: Example) -> Values:
    """1 less the mean difference of levels, as a share of the 60 dB that they span; (sounds,).

    Args:
        envelopes: (sounds, points).
        example: one without envelope is unlike all.
    """
    if example.envelope is None:
        return np.zeros(len(envelopes))
    wanted = np.frombuffer(example.envelope, np.uint8).astype(np.int16)
    return np.asarray(1 - np.abs(envelopes - wanted).mean(axis=1) / 255)


def _likeness(values: Values, wanted: float | None, halving: float) -> Values:
    if wanted is None:
        return np.isnan(values).astype(np.float64)
    return np.nan_to_num(0.5 ** (np.abs(values - wanted) / halving), nan=0.0)


def _unit(vector: npt.NDArray[np.floating]) -> Values:
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not np.isfinite(length) or length < 1e-6:
        raise InputError(
            "examples have no direction to search in: a vector is zero or not finite, or those "
            "to be like and unlike cancel out."
        )
    return np.asarray(vector / length, dtype=np.float64)
