"""The sounds that experiments are measured on, and the measures.

Comes in: the rendered corpus's manifest and folders of real recordings. Goes out: the rows to train
on, and for an encoder one mapping of measures. Choices are made by `valid` and `philharmonia`;
`test`, `second_maker` and `makers` are for the tables only.

    valid, test     rendered instruments whose kind was not in training, 30 notes of each at most
    philharmonia    8 pitched orchestral instruments, recorded; 200 notes of each at most
    second_maker    7 other instruments, recorded by others
    makers          enrolled by one maker's notes, tried by the other's; the cello has both
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from timbrespace.corpora import get_corpus
from timbrespace.evaluation import (
    eer,
    nearest_neighbour_accuracy,
    standardise,
    unit_vectors,
    verify,
)
from timbrespace.evaluation.baseline import mfcc_vectors
from timbrespace.evaluation.tables import pitched_rows, rows_of_split
from timbrespace.manifest import read_manifest

_ENROLMENT = 5
_DRAWS = 10


class TestSets(NamedTuple):
    """Rows to train on, and manifests to measure on, by name."""

    train: pa.Table
    measured: dict[str, pa.Table]


def load(notes: Path, philharmonia: Path, second_maker: Path) -> TestSets:
    """Read all manifests."""
    rendered = read_manifest(notes)
    orchestra = get_corpus("philharmonia").scan(philharmonia).manifest
    others = get_corpus("folder").scan(second_maker).manifest
    return TestSets(
        rendered,
        {
            "valid": _some(rows_of_split(rendered, "valid"), 30),
            "test": _some(rows_of_split(rendered, "test"), 30),
            "philharmonia": _some(pitched_rows(orchestra), 200),
            "second_maker": others,
        },
    )


def measure(encoder, sets: TestSets) -> dict[str, float]:
    """Equal error rates in percent, and nearest-neighbour accuracy of the orchestra."""
    tables = sets.measured.items()
    return _scores({name: encoder.embed(table["path"].to_pylist()) for name, table in tables}, sets)


def measure_baseline(sets: TestSets) -> dict[str, float]:
    """The same of MFCC statistics."""
    vectors = {
        name: unit_vectors(standardise(np.stack(list(mfcc_vectors(table)))))
        for name, table in sets.measured.items()
    }
    return _scores(vectors, sets)


def _scores(vectors: dict[str, np.ndarray], sets: TestSets) -> dict[str, float]:
    """The measures of any vectors of the sets' sounds."""
    labels = {
        name: np.array(table["instrument"].to_pylist()) for name, table in sets.measured.items()
    }
    found = {
        name: 100 * verify(vectors[name], labels[name], drop_short=True).eer for name in vectors
    }
    one, other = "philharmonia", "second_maker"
    found["makers"] = 100 * _between_makers(
        (vectors[one], labels[one]), (vectors[other], labels[other])
    )
    found["neighbour"] = 100 * nearest_neighbour_accuracy(vectors[one], labels[one])
    return {name: round(value, 2) for name, value in found.items()}


def _between_makers(*makers: tuple[np.ndarray, np.ndarray]) -> float:
    """Mean over draws: each maker's instruments, tried by the notes of the other maker."""
    rates = []
    for rng in np.random.default_rng(0).spawn(_DRAWS):
        target, nontarget = [], []
        for (vectors, labels), (tried, tried_labels) in (makers, makers[::-1]):
            for instrument in np.unique(labels):
                rows = rng.choice(np.flatnonzero(labels == instrument), _ENROLMENT, replace=False)
                mean = vectors[rows].mean(0)
                cosines = tried @ (mean / np.linalg.norm(mean))
                target.append(cosines[tried_labels == instrument])
                nontarget.append(cosines[tried_labels != instrument])
        rates.append(eer(np.concatenate(target), np.concatenate(nontarget)))
    return float(np.mean(rates))


def _some(table: pa.Table, most: int) -> pa.Table:
    """At most so many rows of each instrument, the same ones every time."""
    labels = np.array(table["instrument"].to_pylist())
    order = np.random.default_rng(0).permutation(len(labels))
    rank = np.zeros(len(labels), int)
    for instrument in np.unique(labels):
        rows = order[labels[order] == instrument]
        rank[rows] = np.arange(len(rows))
    return table.filter(pa.array(rank < most))
