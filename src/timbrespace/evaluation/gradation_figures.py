"""Picture of how near kinds lie to each other.

Comes in: gradations of the same kinds by system. Goes out: a matplotlib `Figure` made without
global state: a table of colours for each system, a row and a column for each kind. Families stand
together, framed; like families stand near, and so do like kinds of a family, in the order of the
first system. The scale of colours grows evenly brighter, so that it reads alike with any colour
vision.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from timbrespace.errors import InputError
from timbrespace.evaluation.gradation import Gradation
from timbrespace.evaluation.protocols import Codes
from timbrespace.evaluation.vectors import Vectors

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL_IN = 0.17
_MOST_IN = 12.0
_FRAMES = (("black", 2.2), ("white", 1.0))  # seen on dark and on bright


def gradation_figure(systems: Mapping[str, Gradation]) -> Figure:
    """Cosines of the centres of kinds, a table of colours for each system.

    Each system has its own scale, from 0 to its nearest two kinds: cosines of unlike encoders
    cannot be compared, what is near to what can.

    Args:
        systems: by the name to show, at least one.

    Raises:
        InputError: there is no system, or they are not of the same kinds.
    """
    from matplotlib.figure import Figure

    if len({tuple(found.kinds) for found in systems.values()}) != 1:
        raise InputError("a gradation figure needs at least one system, all of the same kinds.")
    first = next(iter(systems.values()))
    order = _clustered(first)
    side = min(max(_CELL_IN * len(order), 2.2), _MOST_IN)
    width = (side + 0.9) * len(systems) + 1.9
    figure = Figure(figsize=(width, side + 1.5), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, len(systems), sharey=True))
    size = min(7.5, 72 * side / len(order) * 0.75)
    for axes, (name, found) in zip(panels, systems.items(), strict=True):
        _draw(axes, found, order, size=size)
        axes.set_title(name, fontsize=9, parse_math=False)
    kinds = [first.kinds[k] for k in order]
    panels[0].set_yticks(range(len(kinds)), kinds, fontsize=size, parse_math=False)
    return figure


def _draw(axes: Axes, found: Gradation, order: Codes, *, size: float) -> None:
    likeness = found.likeness[np.ix_(order, order)].copy()
    np.fill_diagonal(likeness, np.nan)
    top = max(float(np.nanmax(likeness)), 1e-3)
    image = axes.imshow(likeness, cmap="cividis", vmin=0, vmax=top, interpolation="nearest")
    axes.set_facecolor("0.85")
    kinds = [found.kinds[k] for k in order]
    axes.set_xticks(range(len(kinds)), kinds, rotation=90, fontsize=size, parse_math=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _frame_families(axes, [found.families[k] for k in order], size=size)
    bar = axes.figure.colorbar(image, ax=axes, extend="min", shrink=0.5, pad=0.02)
    bar.ax.tick_params(labelsize=7)
    bar.set_label("cosine of centres", fontsize=7.5)


def _frame_families(axes: Axes, families: list[str], *, size: float) -> None:
    from matplotlib.patches import Rectangle

    start = 0
    for family, members in groupby(families):
        n = len(list(members))
        for colour, width in _FRAMES:
            corner = start - 0.5, start - 0.5
            axes.add_patch(Rectangle(corner, n, n, fill=False, edgecolor=colour, linewidth=width))
        middle = start + n / 2 - 0.5
        axes.text(len(families) - 0.3, middle, family, fontsize=size, va="center", style="italic")
        start += n


def _clustered(found: Gradation) -> Codes:
    """Kinds, family by family: like families near each other, and like kinds within them."""
    families = np.array(found.families)
    names = np.unique(families)
    between = np.array(
        [
            [found.likeness[np.ix_(families == one, families == other)].mean() for other in names]
            for one in names
        ]
    )
    rows = [np.flatnonzero(families == names[k]) for k in _leaves(between)]
    return np.concatenate([row[_leaves(found.likeness[np.ix_(row, row)])] for row in rows])


def _leaves(likeness: Vectors) -> Codes:
    """Order in which neighbours are most alike, by average linkage."""
    if len(likeness) < 3:
        return np.arange(len(likeness))
    distance = np.clip(1 - likeness, 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return np.asarray(leaves_list(tree), np.intp)
