"""The picture of what embeddings know.

Comes in: what probes found, by system. Goes out: a matplotlib `Figure` made without global state,
one panel a system.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import COLOURS
from timbrespace.evaluation.probing_classifiers import CLASSIFIERS
from timbrespace.evaluation.probing_results import Probing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR = 0.8 / len(CLASSIFIERS)


def probing_figure(systems: Mapping[str, Probing]) -> Figure:
    """Relative improvement of micro F1 over the majority, by task and classifier.

    A bar at 0 is no better than always saying the most frequent class, at 1 twice as good; it is
    missing where the majority is never right. Lines show the standard deviation over splits.

    Args:
        systems: what probes found by the name to show, at least one, in the order to show.

    Raises:
        InputError: there is no system.

    Source: figure 5 of Shi et al. 2022, doi:10.1109/TASLP.2022.3140549.
    """
    from matplotlib.figure import Figure

    if not systems:
        raise InputError("a probing figure needs at least one system.")
    tasks = list(dict.fromkeys(task.name for found in systems.values() for task in found.tasks))
    figure = Figure(
        figsize=(2.2 + 3.2 * len(systems), 1.4 + 0.5 * len(tasks)), layout="constrained"
    )
    panels = figure.subplots(1, len(systems), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (name, found) in zip(panels, systems.items(), strict=True):
        _draw_panel(axes, found, tasks)
        axes.set_title(name, fontsize="medium", parse_math=False)
    panels[0].set_yticks(range(len(tasks)), [task.replace("-", ", ") for task in tasks])
    panels[0].set_ylim(len(tasks) - 0.4, -0.6)
    figure.supxlabel(
        "relative improvement of micro F1 over the majority\n(0: no better, 1: twice as good)",
        fontsize="medium",
    )
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), frameon=False)
    return figure


def _draw_panel(axes: Axes, found: Probing, tasks: list[str]) -> None:
    axes.grid(axis="x", color="0.9", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color="0.4", linewidth=0.8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    for index, classifier in enumerate(CLASSIFIERS):
        means = [mean for mean in found.means if mean.classifier == classifier]
        place = np.array([tasks.index(mean.task) for mean in means])
        axes.barh(
            place + (index - (len(CLASSIFIERS) - 1) / 2) * _BAR,
            [mean.improvement_micro for mean in means],
            height=0.9 * _BAR,
            xerr=[mean.micro_sd / (mean.majority_micro or np.nan) for mean in means],
            error_kw={"elinewidth": 0.8, "ecolor": "0.3"},
            color=COLOURS[index],
            label=classifier,
        )
