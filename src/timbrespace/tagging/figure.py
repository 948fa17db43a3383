"""A picture of what leads when.

Comes in: an `Activity`. Goes out: a matplotlib `Figure` made without global state. A row per class
is shaded by probability, from white (0) to dark grey (1), and outlined where the class leads, so
that it can be printed in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.tagging.activity import Activity
from timbrespace.tagging.timeline import Seconds, Span, clock

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST_NAME = 24
_MOST_ROWS = 12  # unless more lead
_MOST_COLUMNS = 1_200  # about what 16 cm in print can show
_DARKEST = 0.72  # so that black outlines stand out
_NARROWEST = 0.01  # of the piece, of an outline with ends
_LINE: dict[str, Any] = {"colors": "black", "linewidth": 1, "capstyle": "butt"}
_HEIGHT, _TRUTH_AT, _TRUTH_HEIGHT = 0.62, 0.34, 0.14  # of a row
_TICKS_S = (
    *(0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600),
)
_MOST_TICKS = 9


def timeline_figure(activity: Activity, *, title: str, truth: Sequence[Span] = ()) -> Figure:
    """Which classes lead when, and each one's probability over the piece.

    Classes that lead stand first, the others follow by their probability; of many that never lead,
    only the likeliest are shown.

    Args:
        activity: of a piece of any length.
        title: above the picture, as it is.
        truth: spans in which classes are known to lead, drawn as hatched bars below their rows.

    Raises:
        InputError: the truth names a class that the activity has not.
    """
    from matplotlib.figure import Figure

    rows = _rows(activity, truth)
    figure = Figure(figsize=(6.3, 1.3 + 0.27 * len(rows) + 0.2 * bool(truth)), layout="constrained")
    axes = figure.subplots()
    _shade(axes, activity, rows)
    names = [activity.classes[k] for k in rows]
    _outline(axes, activity, names)
    _draw_truth(axes, truth, names)
    _label_rows(axes, activity, rows)
    _label_time(axes, activity)
    _explain(figure, axes, activity, rows, title)
    if truth:
        figure.legend(loc="outside upper right", frameon=False)
    return figure


def _rows(activity: Activity, truth: Sequence[Span]) -> list[int]:
    rows = activity.foremost(_MOST_ROWS)
    known = {span.label for span in truth}
    if unknown := known - set(activity.classes):
        raise InputError(
            f"truth names {', '.join(sorted(unknown))}, which is none of the classes "
            f"{', '.join(activity.classes)}."
        )
    others = [k for k, name in enumerate(activity.classes) if name in known and k not in rows]
    return rows + others


def _shade(axes: Axes, activity: Activity, rows: list[int]) -> None:
    shades, edges_s = _columns(activity.timeline[:, rows], activity.edges_s)
    for row, rates in enumerate(shades.T):
        bounds = np.array([row - _HEIGHT / 2, row + _HEIGHT / 2])
        axes.pcolormesh(
            edges_s, bounds, rates[None] * _DARKEST, cmap="gray_r", vmin=0, vmax=1, rasterized=True
        )


def _columns(
    timeline: npt.NDArray[np.float64], edges_s: Seconds
) -> tuple[npt.NDArray[np.float64], Seconds]:
    """A long timeline as fewer columns, each the mean of as many hops."""
    step = -(-len(timeline) // _MOST_COLUMNS)
    firsts = np.arange(0, len(timeline), step)
    counts = np.diff(np.append(firsts, len(timeline)))
    means = np.add.reduceat(timeline, firsts, axis=0) / counts[:, None]
    return means, np.append(edges_s[firsts], edges_s[-1])


def _outline(axes: Axes, activity: Activity, names: list[str]) -> None:
    """Edges above and below each span; those at its ends only where they would not touch."""
    spans = activity.spans
    starts, ends = (np.array([span[k] for span in spans], float) for k in (1, 2))
    rows = np.array([names.index(span.label) for span in spans], float)
    half = _HEIGHT / 2
    wide = ends - starts >= _NARROWEST * activity.duration_s
    for side in (-half, half):
        axes.hlines(rows + side, starts, ends, **_LINE)
    for times in (starts, ends):
        axes.vlines(times[wide], (rows - half)[wide], (rows + half)[wide], **_LINE)


def _draw_truth(axes: Axes, truth: Sequence[Span], names: list[str]) -> None:
    for index, span in enumerate(truth):
        axes.barh(
            names.index(span.label) + _TRUTH_AT,
            span.end_s - span.start_s,
            _TRUTH_HEIGHT,
            left=span.start_s,
            align="edge",
            facecolor="white",
            edgecolor="black",
            hatch="////////",
            linewidth=0.5,
            label="known to lead" if not index else None,
        )


def _label_rows(axes: Axes, activity: Activity, rows: list[int]) -> None:
    overall = [f"{100 * activity.overall[k]:.0f} %" for k in rows]
    axes.set_ylim(len(rows) - 0.4, -0.6)
    names = [activity.classes[k] for k in rows]
    axes.set_yticks(range(len(rows)), list(map(_short, names)), parse_math=False)
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(rows)), overall)
    for axis in (axes, right):
        axis.tick_params(axis="y", length=0)
    for label, k in zip(right.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if activity.classes[k] in activity.labels else "normal")


def _label_time(axes: Axes, activity: Activity) -> None:
    step = next(
        (step for step in _TICKS_S if activity.duration_s / step < _MOST_TICKS), _TICKS_S[-1]
    )
    ticks = np.arange(0, activity.duration_s + 1e-6, step)
    axes.set_xticks(ticks, [clock(tick) for tick in ticks])
    axes.set_xlim(0, activity.duration_s)


def _short(name: str) -> str:
    """A long name without its middle: names that begin alike often end in what tells them apart."""
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[1 - half :]}"


def _explain(figure: Figure, axes: Axes, activity: Activity, rows: list[int], title: str) -> None:
    leads = activity.spans or activity.labels
    lines = [title] if leads else [title, "no instrument leads"]
    # Not a title of the axes, for which a long one would leave no room.
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize="medium", parse_math=False)
    how = ["darker: likelier · outlined: leads · bold: leads over the piece"]
    if len(rows) < len(activity.classes):
        most = max(rate for k, rate in enumerate(activity.overall) if k not in rows)
        n_others = len(activity.classes) - len(rows)
        how.append(f"{n_others} others: {100 * most:.0f} % at most over the piece")
    axes.set_xlabel("\n".join(how), fontsize="small", color="0.35")
