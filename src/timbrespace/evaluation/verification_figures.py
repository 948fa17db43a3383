"""Figures of a verification beside the DET curve: scores, and which systems differ.

Comes in: results by system name. Goes out: a matplotlib `Figure` made without global state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import COLOURS
from timbrespace.evaluation.findings import ScoreHistogram, Verification
from timbrespace.evaluation.significance import Comparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEVEL = 0.05
_BETTER, _WORSE = COLOURS[0], COLOURS[1]


def histogram_figure(systems: Mapping[str, Verification]) -> Figure:
    """Scores of target and non-target trials, one panel a system, each kind with area 1.

    The less they overlap, the lower the equal error rate. Scores of different systems have
    different scales; only the overlap is to be compared. Normalised scores have an axis of their
    own.

    Args:
        systems: results by the name to show, at least one, in the order to show.

    Raises:
        InputError: there is no system.
    """
    from matplotlib.figure import Figure

    if not systems:
        raise InputError("a figure of scores needs at least one system.")
    figure = Figure(figsize=(5.2, 0.9 + 1.2 * len(systems)), layout="constrained")
    panels = figure.subplots(len(systems), squeeze=False)[:, 0]
    for axes, (name, found) in zip(panels, systems.items(), strict=True):
        _draw_scores(axes, found.histogram)
        axes.set_title(
            f"{name}: EER {100 * found.eer:.2f} %", fontsize=9, loc="left", parse_math=False
        )
    _label_scores([*panels], [*systems.values()])
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=2, frameon=False)
    return figure


def significance_figure(
    eers: Mapping[str, float], by_trials: Sequence[Comparison], by_instrument: Sequence[Comparison]
) -> Figure:
    """Matrix of systems, shaded where two differ at the 5 % level after Holm's adjustment.

    Below the diagonal the z-test over trials, the published test; above it the permutation test
    over instruments. Colour tells whether the row's system is the better or the worse one.

    Args:
        eers: equal error rate of each system, in the order to show.
        by_trials: every pair of systems.
        by_instrument: every pair of systems.

    Raises:
        InputError: there are fewer than two systems.

    Source: Shi, Cooper & Yamagishi 2022, doi:10.1109/TASLP.2022.3140549.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

    if len(eers) < 2:
        raise InputError(f"a matrix of pairs needs two or more systems, got {len(eers)}.")
    names = list(eers)
    verdict = np.tril(_verdicts(names, by_trials)) + np.triu(_verdicts(names, by_instrument))
    side = 1.6 + 0.34 * len(names)
    figure = Figure(figsize=(side + 1.2, side + 1.2), layout="constrained")
    axes = figure.subplots()
    axes.imshow(verdict, cmap=ListedColormap([_BETTER, "white", _WORSE]), vmin=-1, vmax=1)
    _prepare_matrix(axes, [f"{name}  {100 * eer:.2f} %" for name, eer in eers.items()], names)
    _add_key(figure)
    return figure


def _label_scores(panels: Sequence[Axes], systems: Sequence[Verification]) -> None:
    """One range for all panels of cosines, and one for all of normalised scores."""
    is_normalised = [found.score_normalisation is not None for found in systems]
    for kind, label in (False, "cosine of note and enrolment"), (True, "normalised score"):
        same = [k for k, normalised in enumerate(is_normalised) if normalised == kind]
        if not same:
            continue
        ranges = [_filled_range(systems[k].histogram) for k in same]
        low, high = min(first for first, _ in ranges), max(last for _, last in ranges)
        for k in same:
            panels[k].set_xlim(low, high if kind else 1)
            panels[k].tick_params(labelbottom=k == same[-1])
        panels[same[-1]].set_xlabel(label)


def _draw_scores(axes: Axes, histogram: ScoreHistogram) -> None:
    width = np.diff(histogram.edges)
    for label, counts, colour in (
        ("same instrument", histogram.target, COLOURS[0]),
        ("other instruments", histogram.nontarget, COLOURS[1]),
    ):
        density = counts / (counts.sum() * width)
        axes.stairs(density, histogram.edges, fill=True, color=colour, alpha=0.35)
        axes.stairs(density, histogram.edges, color=colour, label=label)
    axes.set_yticks([])
    axes.spines[["top", "left", "right"]].set_visible(False)


def _filled_range(histogram: ScoreHistogram) -> tuple[float, float]:
    filled = np.flatnonzero(histogram.target + histogram.nontarget)
    return float(histogram.edges[filled[0]]), float(histogram.edges[filled[-1] + 1])


def _verdicts(names: Sequence[str], pairs: Sequence[Comparison]) -> npt.NDArray[np.int8]:
    """-1 where the row's system errs significantly less, 1 where more, else 0."""
    verdict = np.zeros((len(names), len(names)), np.int8)
    for pair in pairs:
        row, column = names.index(pair.first), names.index(pair.second)
        sign = int(np.sign(pair.statistic)) if pair.p_adjusted < _LEVEL else 0
        verdict[row, column], verdict[column, row] = sign, -sign
    return verdict


def _prepare_matrix(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    places = np.arange(len(columns))
    axes.set_yticks(places, rows, parse_math=False)
    axes.set_xticks(places, columns, rotation=45, ha="left", parse_math=False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=8)
    for edge in np.arange(len(columns) + 1) - 0.5:
        axes.axhline(edge, color="0.8", linewidth=0.6)
        axes.axvline(edge, color="0.8", linewidth=0.6)
    axes.plot(*2 * [(-0.5, len(columns) - 0.5)], color="0.4", linewidth=1)
    axes.spines[:].set_color("0.8")


def _add_key(figure: Figure) -> None:
    from matplotlib.patches import Patch

    keys = {_BETTER: "row better", _WORSE: "row worse", "white": "no significant difference"}
    handles = [Patch(facecolor=c, edgecolor="0.8", label=text) for c, text in keys.items()]
    figure.legend(
        handles=handles,
        loc="outside lower left",
        frameon=False,
        fontsize=8,
        title="below the diagonal: z-test over trials\n"
        "above: permutation test over instruments\n5 % level, Holm's method over all pairs",
        title_fontsize=8,
        alignment="left",
    )
