"""Maps of embeddings tables, each with the numbers that say how far to believe it.

Comes in: embeddings tables of the same sounds. Goes out: a `SoundMap` for each. Sounds are near by
the cosine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.projection import Coordinates, Method, project
from timbrespace.evaluation.silhouette import silhouette
from timbrespace.evaluation.trustworthiness import trustworthiness
from timbrespace.evaluation.vectors import unit_vectors


@dataclass(frozen=True, kw_only=True)
class SoundMap:
    """Where sounds lie on a map, and how far to believe it.

    Attributes:
        method: that laid the sounds out.
        seed: of the layout.
        neighbours: number of nearest sounds that the next two look at.
        trustworthiness: near on the map is near in truth; 1 is best, about 0.5 is random.
        continuity: near in truth is near on the map; 1 is best, about 0.5 is random.
        silhouette: how well families stand apart in truth, -1 to 1; None with fewer than two.
        coordinates: (sounds, 2 or 3).
    """

    method: Method
    seed: int
    neighbours: int
    trustworthiness: float
    continuity: float
    silhouette: float | None
    coordinates: Coordinates

    def as_record(self) -> dict[str, Any]:
        """Everything but the coordinates, ready for JSON."""
        return {name: value for name, value in vars(self).items() if name != "coordinates"}


def sound_map(
    table: pa.Table,
    *,
    method: Method = "tsne",
    dimensions: Literal[2, 3] = 2,
    neighbours: int | None = None,
    seed: int = 0,
) -> SoundMap:
    """Lay out the sounds of one table and judge the layout by 10 neighbours, or what there are.

    Args:
        table: embeddings; `family` may be unknown for some rows.
        method: as in `timbrespace.evaluation.projection.project`.
        dimensions: as there.
        neighbours: as there.
        seed: as there.

    Raises:
        ConfigError: as `project`.
        InputError: as `project`.
        MissingDependencyError: as `project`.
    """
    unit = unit_vectors(vectors_of(table))
    coordinates = project(
        unit, method=method, dimensions=dimensions, neighbours=neighbours, seed=seed
    )
    judged = min(10, (len(unit) - 1) // 2)
    return SoundMap(
        method=method,
        seed=seed,
        neighbours=judged,
        trustworthiness=trustworthiness(unit, coordinates, neighbours=judged),
        continuity=trustworthiness(coordinates, unit, neighbours=judged),
        silhouette=_family_silhouette(table),
        coordinates=coordinates,
    )


def coordinates_table(table: pa.Table, maps: Mapping[str, SoundMap]) -> pa.Table:
    """The rows of a table, without vectors, and where they lie: a row for each system and sound.

    Args:
        table: the rows that were laid out.
        maps: of these rows, by the name of their system.
    """
    sounds = table.drop_columns("embedding")
    parts = []
    for name, found in maps.items():
        part = sounds.append_column("system", pa.array([name] * sounds.num_rows, pa.string()))
        for axis, places in zip("xyz", found.coordinates.T, strict=False):
            part = part.append_column(axis, pa.array(places))
        parts.append(part)
    return pa.concat_tables(parts).replace_schema_metadata(None)


def rows_at_pitch(table: pa.Table, pitch_midi: int) -> pa.Table:
    """Rows of one pitch.

    Raises:
        InputError: there are none; the message names the pitches nearest to it.
    """
    kept = table.filter(pc.equal(table["pitch_midi"], pitch_midi))
    if not kept.num_rows:
        found = pc.unique(table["pitch_midi"]).drop_null().to_pylist()
        nearest = sorted(sorted(found, key=lambda pitch: abs(pitch - pitch_midi))[:5])
        raise InputError(
            f"no sound has MIDI pitch {pitch_midi}; "
            + (f"the nearest are {nearest}." if nearest else "no pitch is known in this table.")
        )
    return kept


def _family_silhouette(table: pa.Table) -> float | None:
    known = table.filter(pc.is_valid(table["family"]))
    families = known["family"].to_pylist()
    return silhouette(vectors_of(known), families) if len(set(families)) > 1 else None
