"""Whether distances are graded: the more alike two instruments are, the nearer they lie.

Comes in: one vector for each sound, and the manifest's columns. Goes out: how likeness falls from
level to level, whether kinds of one family lie nearer than others, whether the order of distances
follows the classification of Hornbostel and Sachs, and which kinds are nearest to each. People
search by these distances; an encoder may tell every instrument from every other and still order
them badly. A kind is what an instrument is an example of; where it is not known, the instrument is
its own. Only sounds whose instrument and family are known take part.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.corpora.hornbostel_sachs import hornbostel_sachs, tree_distance
from timbrespace.errors import InputError
from timbrespace.evaluation.gradation_levels import Level, level_cosines
from timbrespace.evaluation.gradation_order import Order, kind_centres, order_agreement
from timbrespace.evaluation.gradation_triplets import Triplets, family_triplets
from timbrespace.evaluation.protocols import Codes
from timbrespace.evaluation.vectors import Vectors, unit_vectors


@dataclass(frozen=True, kw_only=True)
class Gradation:
    """How graded distances are.

    Attributes:
        levels: mean cosine at each level of kinship that two sounds have.
        falling: share of draws of instruments in which it falls from each level to the next.
        triplets: of all kinds, under "", and of each family of two kinds or more.
        order: by "all pairs" and "within families", where the classification orders kinds.
        kinds: names, by family.
        families: of the kinds.
        likeness: cosines of the centres of kinds; (kinds, kinds).
        n_sounds: sounds that took part.
        n_instruments: their instruments.
    """

    levels: dict[str, Level]
    falling: float
    triplets: dict[str, Triplets]
    order: dict[str, Order]
    kinds: list[str]
    families: list[str]
    likeness: Vectors
    n_sounds: int
    n_instruments: int

    def nearest(self, n: int = 3) -> dict[str, list[tuple[str, float]]]:
        """The nearest other kinds of each, nearest first, with their cosines."""
        found = {}
        for row, kind in enumerate(self.kinds):
            by_likeness = [k for k in np.argsort(-self.likeness[row], kind="stable") if k != row]
            found[kind] = [(self.kinds[k], float(self.likeness[row, k])) for k in by_likeness[:n]]
        return found

    def as_record(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        parts = {
            name: {key: value._asdict() for key, value in getattr(self, name).items()}
            for name in ("levels", "triplets", "order")
        }
        return {**asdict(self), **parts, "likeness": self.likeness.tolist()}


def grade(vectors: npt.ArrayLike, table: pa.Table, *, seed: int = 0) -> Gradation:
    """Judge how graded the distances of sounds are.

    Args:
        vectors: (sounds, dimensions), finite, no row all zero.
        table: the manifest's columns; a row for each vector.
        seed: of the draws behind intervals.

    Raises:
        InputError: vectors and rows differ in number, a vector has no direction, the sounds of a
            kind are of two families or those of an instrument of two kinds, or there are not two
            families, one of them of two kinds.
    """
    unit = unit_vectors(vectors)
    if len(unit) != table.num_rows:
        raise InputError(f"{table.num_rows} rows need as many vectors; got {len(unit)}.")
    known = pc.and_(pc.is_valid(table["instrument"]), pc.is_valid(table["family"])).to_numpy()
    unit, table = unit[known], table.filter(pa.array(known))
    names = _names(table)
    kinds, families, kind_of = _parents(names["instrument"], names["kind"], names["family"])
    _, instruments = np.unique(names["instrument"], return_inverse=True)
    _, family_codes = np.unique(families, return_inverse=True)
    centres = kind_centres(unit, instruments, kind_of)
    likeness = centres @ centres.T
    groups = np.stack([kind_of, family_codes[kind_of]], axis=1)
    levels, falling = level_cosines(unit, instruments, groups, seed=seed)
    return Gradation(
        levels=levels,
        falling=falling,
        triplets=family_triplets(centres, unit, kind_of[instruments], families, seed=seed),
        order=_orders(1 - likeness, kinds, family_codes),
        kinds=kinds,
        families=families,
        likeness=likeness,
        n_sounds=len(unit),
        n_instruments=len(kind_of),
    )


def _names(table: pa.Table) -> dict[str, npt.NDArray[np.str_]]:
    columns = {
        "instrument": table["instrument"],
        "kind": pc.coalesce(table["kind"], table["instrument"]),
        "family": table["family"],
    }
    return {name: np.array(column.to_pylist(), np.str_) for name, column in columns.items()}


def _parents(
    instruments: npt.NDArray[np.str_],
    kinds: npt.NDArray[np.str_],
    families: npt.NDArray[np.str_],
) -> tuple[list[str], list[str], Codes]:
    """Kinds by family, the family of each, and the kind of each instrument, in order of names."""
    family_of = _parent(kinds, families, "kind")
    kind_of = _parent(instruments, kinds, "instrument")
    order = sorted(family_of, key=lambda kind: (family_of[kind], kind))
    found = [family_of[kind] for kind in order]
    if len(set(found)) < 2 or len(set(found)) == len(found):
        raise InputError(
            "grading needs two families or more, one of them of two kinds or more; found "
            f"{len(found)} kinds of {len(set(found))} families."
        )
    places = {kind: place for place, kind in enumerate(order)}
    return order, found, np.array([places[kind_of[name]] for name in sorted(kind_of)])


def _parent(
    children: npt.NDArray[np.str_], parents: npt.NDArray[np.str_], what: str
) -> dict[str, str]:
    pairs = sorted(set(zip(children.tolist(), parents.tolist(), strict=True)))
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = sorted({child for child, parent in pairs if found[child] != parent})
        above = "kinds" if what == "instrument" else "families"
        raise InputError(f"each {what} must be of one; {twice[:5]} are of several {above}.")
    return found


def _orders(distances: Vectors, kinds: list[str], families: Codes) -> dict[str, Order]:
    """Agreement with the classification, over the kinds that have a number in it."""
    numbers = [hornbostel_sachs(kind) for kind in kinds]
    rows = np.array([row for row, number in enumerate(numbers) if number], np.intp)
    placed = [number for number in numbers if number]
    reference = np.array([[tree_distance(one, other) for other in placed] for one in placed])
    ours = distances[np.ix_(rows, rows)]
    groups = {"all pairs": np.zeros(rows.size, np.intp), "within families": families[rows]}
    found = {
        name: order_agreement(ours, reference.reshape(ours.shape), group)
        for name, group in groups.items()
    }
    return {name: order for name, order in found.items() if order}
