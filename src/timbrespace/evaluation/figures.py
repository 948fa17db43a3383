"""Figures of an evaluation.

Comes in: results by system name. Goes out: a matplotlib `Figure` made without global state, or a
file. Colours are those of Okabe and Ito, told apart with any colour vision; dashes and markers tell
lines apart in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.findings import Verification
from timbrespace.evaluation.hull import Rates

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)))
MARKERS = ("o", "s", "^", "D", "v")
_TICKS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
_FORMATS = (".svg", ".png", ".pdf")


def det_figure(systems: Mapping[str, Verification]) -> Figure:
    """DET curves of one or several systems on probit axes, each with its equal error rate.

    On these axes Gaussian scores give straight lines; nearer to the lower left corner is better.
    The curve is that of a typical draw, the mark and the legend give the mean of all draws.

    Args:
        systems: results by the name to show, at least one, in the order to show.

    Raises:
        InputError: there is no system.

    Source: Martin et al. 1997, doi:10.21437/Eurospeech.1997-504; Okabe & Ito 2008, "Color universal
    design".
    """
    from matplotlib.figure import Figure

    if not systems:
        raise InputError("a DET figure needs at least one system.")
    figure = Figure(figsize=(4.8, 4.8 + 0.27 * len(systems)), layout="constrained")
    axes = figure.subplots()
    _prepare_axes(axes, best=min(found.eer for found in systems.values()))
    for index, found in enumerate(systems.values()):
        _draw_system(axes, index, found)
    legend = figure.legend(loc="outside upper left", frameon=False, handlelength=3.5)
    labels = [f"{name}: EER {100 * found.eer:.3g} %" for name, found in systems.items()]
    name_literally(legend, labels)
    return figure


def name_literally(legend: Legend, names: Sequence[str]) -> None:
    """Write names into a legend as they are, with $ and with leading _, which legends leave out.

    Args:
        legend: of as many entries, with any labels.
        names: in their order.
    """
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set(text=name, parse_math=False)


def check_figure_path(path: Path) -> None:
    """Check that a figure can be saved under this name, before the work that leads to it.

    Raises:
        ConfigError: the name does not end in .svg, .png or .pdf.
    """
    if path.suffix.lower() not in _FORMATS:
        raise ConfigError(f"{path}: a figure's name ends in {', '.join(_FORMATS)}.")


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write a figure as SVG, PNG (200 dpi) or PDF, whichever the file's name ends in.

    Raises:
        ConfigError: the name ends in something else.
    """
    path = Path(path)
    check_figure_path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=200)


def _prepare_axes(axes: Axes, *, best: float) -> None:
    """Probit axes that leave room below the best equal error rate."""
    lowest = 0.01 if best > 0.05 else _TICKS[0]
    ticks = [tick for tick in _TICKS if tick >= lowest]
    limits = ndtri((lowest, _TICKS[-1]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(ndtri(ticks), [f"{100 * tick:g}" for tick in ticks])
    axes.set(
        xlim=limits,
        ylim=limits,
        aspect="equal",
        xlabel="false alarms: other instruments accepted (%)",
        ylabel="misses: the instrument rejected (%)",
    )
    axes.grid(color="0.9", linewidth=0.6)
    axes.plot(limits, limits, color="0.6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_system(axes: Axes, index: int, found: Verification) -> None:
    lowest = axes.get_xlim()[0]
    colour = COLOURS[index % len(COLOURS)]
    mark = max(float(ndtri(found.eer)), lowest)  # a perfect system is marked in the corner
    dashes, marker = DASHES[index % len(DASHES)], MARKERS[index % len(MARKERS)]
    axes.plot(_probit(found.det.p_fa), _probit(found.det.p_miss), color=colour, linestyle=dashes)
    axes.plot(mark, mark, color=colour, marker=marker, clip_on=False, zorder=3)
    axes.plot([], [], color=colour, linestyle=dashes, marker=marker, label=str(index))


def _probit(rates: Rates) -> Rates:
    margin = 1e-9  # 0 and 1 lie at infinity
    return np.asarray(ndtri(np.clip(rates, margin, 1 - margin)))
