"""Tables of a report, on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table as Grid

from timbrespace.cli.shared import console

if TYPE_CHECKING:
    from timbrespace.evaluation.report import Table


def print_table(table: Table) -> None:
    """A table and its caption."""
    grid = Grid()
    for name in table.header:
        grid.add_column(escape(name), overflow="fold")
    for row in table.rows:
        grid.add_row(*map(escape, row))
    console().print(grid)
    console().print(table.caption, markup=False)
