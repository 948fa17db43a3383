"""Cohorts, by which scores are normalised, and the systems that each is for.

Comes in: places of cohorts as typed, FILE, NAME=FILE or "default". Goes out: one unit vector for
each instrument of a cohort, the mean of those of its sounds, by the run whose scores it normalises.
A cohort and what it normalises must be of one encoder and of other instruments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.embeddings import encoder_of, vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.comparison import Run, name_and_path
from timbrespace.evaluation.foreign import read_any_embeddings
from timbrespace.evaluation.labels import checked_labels
from timbrespace.evaluation.tables import labelled_rows, listed
from timbrespace.evaluation.vectors import Vectors, unit_vectors
from timbrespace.models.folders import COHORT
from timbrespace.models.sources import DEFAULT, DEFAULT_FOLDER

Keys = set[tuple[str, str, str]]


class Cohort(NamedTuple):
    """Instruments that scores are normalised by.

    Attributes:
        place: where it was read from, for people.
        system: the only system that it is for; empty if it may be for any.
        table: embeddings, rows whose instrument is known.
    """

    place: str
    system: str
    table: pa.Table


def cohorts_of_runs(places: Sequence[str], runs: Mapping[str, Run]) -> dict[str, Vectors]:
    """The cohort of each run that has one: that of its own encoder.

    Args:
        places: FILE, NAME=FILE or "default", the cohort of the encoder that comes along; files as
            `timbrespace.evaluation.read_any_embeddings` takes them.
        runs: as `timbrespace.evaluation.comparison.read_runs` gives them.

    Returns:
        (instruments, dimensions) of unit length, by the name of the run.

    Raises:
        InputError: a cohort cannot be read, is for no run or for runs of several unknown encoders,
            has other dimensions than its run or an instrument of it, or a run has two.
    """
    cohorts: dict[str, Vectors] = {}
    for cohort in map(_read, places):
        vectors = instrument_means(vectors_of(cohort.table), cohort.table["instrument"].to_pylist())
        for name in _runs_of(cohort, runs):
            if name in cohorts:
                raise InputError(f"{name} is given two cohorts, the second is {cohort.place}.")
            _check_fits(cohort, name, runs[name].table)
            cohorts[name] = vectors
    return cohorts


def instrument_means(vectors: npt.ArrayLike, instruments: npt.ArrayLike) -> Vectors:
    """The mean of each instrument's unit vectors, of unit length, in the order of their names.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        instruments: name or number of each sound's instrument; (sounds,).

    Raises:
        InputError: vectors and instruments differ in number, an instrument is None, or a vector or
            a mean has no direction.

    Example:
        >>> instrument_means([[2, 0], [0, 1], [0, 5]], ["oboe", "oboe", "harp"]).round(3)
        array([[0.   , 1.   ],
               [0.707, 0.707]])
    """
    unit = unit_vectors(vectors)
    names, codes = np.unique(checked_labels(instruments, len(unit)), return_inverse=True)
    sums = np.zeros((len(names), unit.shape[1]))
    np.add.at(sums, codes, unit)
    return unit_vectors(sums)


def _read(place: str) -> Cohort:
    system, path = ("", DEFAULT_FOLDER / COHORT) if place == DEFAULT else name_and_path(place)
    table = labelled_rows(read_any_embeddings(path), "instrument")
    return Cohort(place if place == DEFAULT else str(path), system, table)


def _runs_of(cohort: Cohort, runs: Mapping[str, Run]) -> list[str]:
    """Names of the runs of the cohort's system and encoder."""
    content_hash = encoder_of(cohort.table)[1]
    asked = [name for name, run in runs.items() if cohort.system in ("", run.system)]
    found = [name for name in asked if encoder_of(runs[name].table)[1] == content_hash]
    if not asked:
        raise InputError(
            f"{cohort.place}: a cohort of {cohort.system!r}, which is none of the systems: "
            f"{listed([*runs])}."
        )
    if not found:
        raise InputError(
            f"{cohort.place}: a cohort made by {_encoder(cohort.table)}; but "
            f"{', '.join(f'{name} was made by {_encoder(runs[name].table)}' for name in asked)}. "
            "Cosines of two encoders cannot be compared: embed the cohort with the same encoder."
        )
    if len(found) > 1 and not content_hash and not cohort.system:
        raise InputError(
            f"{cohort.place}: neither the cohort nor {listed(found)} say what encoder made them; "
            "give it as NAME=FILE, by the name of its system."
        )
    return found


def _encoder(table: pa.Table) -> str:
    name, content_hash = encoder_of(table)
    return f"{name} ({content_hash})" if content_hash else "an unknown encoder"


def _check_fits(cohort: Cohort, name: str, table: pa.Table) -> None:
    sizes = [vectors_of(each).shape[1] for each in (cohort.table, table)]
    if sizes[0] != sizes[1]:
        raise InputError(
            f"{cohort.place}: its vectors have {sizes[0]} values, those of {name} {sizes[1]}; were "
            "both made by one encoder?"
        )
    common = sorted({instrument for instrument, *_ in _keys(cohort.table) & _keys(table)})
    if common:
        raise InputError(
            f"{cohort.place}: {len(common)} of its instruments are also in {name}: "
            f"{listed(common[:5])}{' …' if len(common) > 5 else ''}. An instrument that is its own "
            "cohort is pushed away from itself: take other instruments."
        )


def _keys(table: pa.Table) -> Keys:
    """What tells an instrument from another of its name: its sounds, or its maker."""
    columns = (table[column].to_pylist() for column in ("instrument", "id", "maker"))
    keys: Keys = set()
    for instrument, sound, maker in zip(*columns, strict=True):
        if instrument is not None:
            keys.add((instrument, "sound", sound))
            if maker is not None:
                keys.add((instrument, "maker", maker))
    return keys
