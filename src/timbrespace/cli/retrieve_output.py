"""What `timbrespace retrieve` prints.

Comes in: results of one system. Goes out: tables on standard output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from timbrespace.cli.shared import console, shown

if TYPE_CHECKING:
    from timbrespace.evaluation.gradation import Gradation
    from timbrespace.evaluation.robustness import SearchResults


def print_searches(name: str, result: SearchResults) -> None:
    """What each search of a system found, and its silhouettes."""
    ks = next(iter(result.found.values())).recall
    table = _table(shown(name), "search, %")
    for column in ("queries", "chance", *(f"recall at {k}" for k in ks), "mAP"):
        table.add_column(column, min_width=max(map(len, column.split())))
    for search, found in result.found.items():
        rates = (found.chance, *found.recall.values(), found.mean_average_precision)
        table.add_row(search, f"{found.n_queries:,}", *(f"{100 * rate:.1f}" for rate in rates))
    console().print(table)
    for label, value in result.silhouettes.items():
        console().print(f"{label} silhouette {value:.3f}")


def print_gradation(name: str, found: Gradation) -> None:
    """How graded a system's distances are."""
    console().print(_levels(name, found))
    console().print(
        f"each level lies below the one before it in {100 * found.falling:.0f} % of draws of "
        f"{found.n_instruments} instruments"
    )
    console().print(_triplets(found))
    for pairs, order in found.order.items():
        console().print(
            f"order of Hornbostel and Sachs, {pairs}: Spearman {order.correlation:.2f}, "
            f"p {order.p_value:.3f}, {order.n_pairs} pairs of {order.n_kinds} kinds"
        )
    console().print(_nearest(found))


def _levels(name: str, found: Gradation) -> Table:
    table = _table(shown(name), "two sounds of", "cosine", "95 %", "pairs of instruments")
    for level, value in found.levels.items():
        interval = f"{value.low:.3f} to {value.high:.3f}"
        table.add_row(level, f"{value.cosine:.3f}", interval, f"{value.n_pairs:,}")
    return table


def _triplets(found: Gradation) -> Table:
    table = _table("", "own family nearer, %", "by centres", "95 %", "by notes", "kinds")
    for family, value in found.triplets.items():
        centres, notes = (f"{100 * rate:.1f}" for rate in (value.centres, value.notes))
        ends = value.interval and " to ".join(f"{100 * end:.1f}" for end in value.interval)
        table.add_row(family or "all", centres, ends or "", notes, str(value.n_kinds))
    return table


def _nearest(found: Gradation) -> Table:
    table = _table("", "kind", "family", "nearest kinds")
    for (kind, near), family in zip(found.nearest().items(), found.families, strict=True):
        words = ", ".join(f"{shown(other)} {cosine:.2f}" for other, cosine in near)
        table.add_row(shown(kind), family, words)
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title or None, box=SIMPLE_HEAD, pad_edge=False)
    table.show_edge, table.collapse_padding = False, True
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column)
    return table
