"""Tables of a report, on standard output.

Comes in: a table. Goes out: as much of it as fits; whoever has less room than a page sees fewer
columns, and none that is broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table as Grid

from timbrespace.cli.shared import console

if TYPE_CHECKING:
    from timbrespace.evaluation.report import Table

_BETWEEN = 3  # letters between two columns
_NAMES = 5  # the least part of a line that names take is one of so many


def print_table(table: Table) -> None:
    """The columns that fit side by side, and the caption, which names the others."""
    out = console()
    widths = fitting_widths(table, out.width)
    grid = Grid()
    for name, width in zip(table.header, widths, strict=False):
        grid.add_column(escape(name), width=width, overflow="fold")
    for row in table.rows:
        grid.add_row(*map(escape, row[: len(widths)]))
    out.print(grid)
    out.print(table.caption, markup=False)
    if left_out := table.header[len(widths) :]:
        out.print(f"Left out, for want of room: {', '.join(left_out)}.", markup=False)


def fitting_widths(table: Table, n_letters: int) -> list[int]:
    """Widths of the names and of as many columns of numbers as fit beside them.

    Args:
        table: whose first column names its rows; names are broken between words, as are headers.
        n_letters: of a line.

    Returns:
        For each column that fits, from the left.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    whole = [max(map(len, column)) for column in columns]
    if sum(whole) + _BETWEEN * len(whole) + 1 <= n_letters:
        return whole
    names = min(whole[0], n_letters // _NAMES)
    left = n_letters - names - _BETWEEN - 1
    widths = []
    for header, *cells in columns[1:]:
        width = max(map(len, [*header.split(), *cells]))
        if width + _BETWEEN > left:
            break
        left -= width + _BETWEEN
        widths.append(width)
    return [min(whole[0], names + left), *widths]
