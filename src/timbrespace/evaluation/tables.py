"""Which rows of embeddings tables are verified.

Comes in: embeddings tables as read. Goes out: the rows that carry the label, in the order of their
ids, so that tables of the same sounds give the same trials whatever their order was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.errors import InputError

LABELS = ("instrument", "family", "source", "dynamics", "technique", "maker")


def rows_of_split(table: pa.Table, split: str) -> pa.Table:
    """Rows of one split.

    Raises:
        InputError: there are none.
    """
    kept = table.filter(pc.equal(table["split"], split))
    if not kept.num_rows:
        found = sorted(filter(None, pc.unique(table["split"]).to_pylist()))
        raise InputError(
            f"no row is in split {split!r}; the splits of this table: {listed(found)}."
        )
    return kept


def pitched_rows(table: pa.Table) -> pa.Table:
    """Rows whose pitch is known: notes, not percussion without pitch.

    Raises:
        InputError: there are none.
    """
    kept = table.filter(pc.is_valid(table["pitch_midi"]))
    if not kept.num_rows:
        raise InputError("no row has a value in 'pitch_midi'; there are no pitched sounds to take.")
    return kept


def labelled_rows(table: pa.Table, label: str) -> pa.Table:
    """Rows whose label is known, in the order of their ids.

    Args:
        table: embeddings with the manifest's columns.
        label: the column whose values are to be told apart.

    Raises:
        InputError: `label` is not a column that names classes, or no row has a value there.
    """
    check_label(label)
    kept = table.filter(pc.is_valid(table[label]))
    if not kept.num_rows:
        known = [name for name in LABELS if table[name].null_count < table.num_rows]
        raise InputError(
            f"no row has a value in {label!r}; columns with values: {listed(known)}. To make "
            "instruments known, embed a folder with a folder of sounds for each "
            "(docs/bring-your-own.md)."
        )
    return kept.sort_by("id")


def listed(names: Sequence[str]) -> str:
    """Names as words of a message, "none" if there are none.

    Example:
        >>> listed(["oboe", "harp"])
        'oboe, harp'
    """
    return ", ".join(names) or "none"


def check_label(label: str) -> None:
    """Check that a column names classes.

    Raises:
        InputError: it does not.
    """
    if label not in LABELS:
        raise InputError(f"label must be one of {', '.join(LABELS)}; got {label!r}.")


def check_same_sounds(tables: Mapping[str, pa.Table], label: str) -> None:
    """Check that all tables, sorted by id, hold the same sounds with the same labels.

    Args:
        tables: rows as `labelled_rows` gives them, by the name of their system.
        label: the column that is verified.

    Raises:
        InputError: ids or labels of two tables differ.
    """
    (first, reference), *others = tables.items()
    for name, table in others:
        if not table["id"].equals(reference["id"]):
            ours, theirs = (set(t["id"].to_pylist()) for t in (reference, table))
            raise InputError(
                f"{first} and {name} do not hold the same sounds: {len(ours - theirs)} ids only in "
                f"the first, {len(theirs - ours)} only in the second. Embed the same manifest with "
                "both encoders, or verify them one by one."
            )
        if not table[label].equals(reference[label]):
            raise InputError(f"{first} and {name} give the same sounds different {label!r} labels.")
