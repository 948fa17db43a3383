"""Figures of how well tags are told.

Comes in: truth, scores and results of `tagging_results`. Goes out: a matplotlib `Figure` made
without global state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from timbrespace.evaluation.figures import COLOURS, DASHES, MARKERS, name_literally
from timbrespace.evaluation.tagging import Rates
from timbrespace.evaluation.tagging_results import Reliability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_UNKNOWN = "0.85"


def curves_figure(
    curves: Sequence[tuple[Rates, Rates]], areas: Rates, tags: Sequence[str]
) -> Figure:
    """Hits against false alarms of each tag, with the area under each curve.

    Args:
        curves: of each tag, as `tag_curves` gives them.
        areas: of each tag; one whose area is NaN is left out.
        tags: names.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.6, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    drawn = [index for index, area in enumerate(areas) if not np.isnan(area)]
    lines = []
    for index in drawn:
        colour, dash = COLOURS[index % len(COLOURS)], DASHES[index // len(COLOURS) % len(DASHES)]
        lines += axes.plot(*curves[index], color=colour, linestyle=dash, label=str(index))
    axes.set(xlabel="false alarm rate", ylabel="hit rate", xlim=(0, 1), ylim=(0, 1.01))
    axes.set_aspect("equal")
    legend = figure.legend(handles=lines, loc="outside right upper", frameon=False, handlelength=3)
    name_literally(legend, [f"{tags[index]} {areas[index]:.2f}" for index in drawn])
    return figure


def confusion_figure(shares: Rates, tags: Sequence[str]) -> Figure:
    """What is said (columns) where something is there (rows), in percent.

    Args:
        shares: as `tag_confusion` gives them; (tags, tags). NaN is grey.
        tags: names.
    """
    from matplotlib.figure import Figure

    side = 2.0 + 0.42 * len(tags)
    figure = Figure(figsize=(side + 0.4, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="cividis", vmin=0, vmax=1)
    axes.set_facecolor(_UNKNOWN)
    for (row, column), share in np.ndenumerate(shares):
        text = "–" if np.isnan(share) else f"{100 * share:.0f}"
        colour = "white" if share <= 0.6 else "black"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize="small")
    for set_ticks, turn in ((axes.set_xticks, 90), (axes.set_yticks, 0)):
        set_ticks(range(len(tags)), list(tags), rotation=turn, parse_math=False)
    axes.set(xlabel="said", ylabel="there")
    return figure


def reliability_figure(systems: Mapping[str, Reliability]) -> Figure:
    """Share of tags that are there against the score; on the diagonal, scores are probabilities.

    Args:
        systems: by the name to show.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.2, 4.2 + 0.25 * len(systems)), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    for index, found in enumerate(systems.values()):
        axes.plot(found.score, found.share, **_style(index), label=str(index))
    axes.set(xlabel="score", ylabel="share that is there", xlim=(0, 1), ylim=(0, 1))
    legend = figure.legend(loc="outside upper left", frameon=False)
    errors = [f"{name}: error {found.error:.3f}" for name, found in systems.items()]
    name_literally(legend, errors)
    return figure


def fractions_figure(
    systems: Mapping[str, Mapping[float, Sequence[float]]], *, label: str
) -> Figure:
    """A score against the share of training excerpts; lines join means, marks are runs.

    Args:
        systems: for each name to show, the scores of its runs by share, 0 to 1.
        label: of the score.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.6 + 0.25 * len(systems)), layout="constrained")
    axes = figure.subplots()
    for index, scores in enumerate(systems.values()):
        shares = sorted(scores)
        style = _style(index)
        means = [float(np.mean(scores[share])) for share in shares]
        axes.plot(100 * np.array(shares), means, **style, label=str(index))
        for share in shares:
            runs = scores[share]
            axes.plot([100 * share] * len(runs), runs, style["marker"], color=style["color"], ms=3)
    axes.set(xlabel="share of the training excerpts, %", ylabel=label)
    axes.set_xlim(left=0)
    legend = figure.legend(loc="outside upper left", frameon=False, handlelength=3.5)
    name_literally(legend, list(systems))
    return figure


def _style(index: int) -> dict[str, Any]:
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linestyle": DASHES[index % len(DASHES)],
        "marker": MARKERS[index % len(MARKERS)],
    }


def per_tag_figure(systems: Mapping[str, npt.NDArray[np.float64]], tags: Sequence[str]) -> Figure:
    """A score of each tag as bars, a colour a system.

    Args:
        systems: (tags,) by the name to show.
        tags: names.
    """
    from matplotlib.figure import Figure

    tall = 0.9 + 0.4 * len(tags) + 0.2 * len(systems)
    figure = Figure(figsize=(5.6, tall), layout="constrained")
    axes = figure.subplots()
    height = 0.8 / len(systems)
    for index, scores in enumerate(systems.values()):
        places = np.arange(len(tags)) + (index - (len(systems) - 1) / 2) * height
        colour = COLOURS[index % len(COLOURS)]
        axes.barh(places, np.nan_to_num(scores), height, color=colour, label=str(index))
    axes.set_yticks(range(len(tags)), list(tags), parse_math=False)
    axes.set(xlabel="F1", xlim=(0, 1), ylim=(len(tags) - 0.4, -0.6))
    legend = figure.legend(loc="outside upper left", frameon=False)
    name_literally(legend, list(systems))
    return figure
