"""What training did to a learned front end.

Comes in: an encoder whose front end has band-pass filters. Goes out: the cut-offs and the summed
frequency response before and after training, as numbers and as a matplotlib `Figure`. Before
training is what the front end's settings build, which hold no chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import InputError
from timbrespace.evaluation.figures import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from timbrespace.models import Encoder

Hertz = npt.NDArray[np.float64]
Filters = npt.NDArray[np.float64]

_FFT_SAMPLES = 1 << 14


@dataclass(frozen=True, kw_only=True)
class BandPassBank:
    """The filters of a learned front end at one time.

    Attributes:
        sample_rate_hz: rate of the waveforms that it filters.
        low_hz: lower cut-off of each band; (bands,).
        high_hz: upper cut-off of each band; (bands,).
        filters: impulse responses; (bands, taps).
    """

    sample_rate_hz: int
    low_hz: Hertz
    high_hz: Hertz
    filters: Filters


def has_bank(encoder: Encoder) -> bool:
    """Whether the encoder's front end has band-pass filters."""
    from timbrespace.models.frontends.band_pass import BandPass

    return isinstance(encoder.frontend, BandPass)


def learned_banks(encoder: Encoder) -> tuple[BandPassBank, BandPassBank]:
    """The filters of an encoder's front end before and after training.

    Raises:
        InputError: the front end has no band-pass filters.
    """
    frontend = encoder.frontend
    if not has_bank(encoder):
        raise InputError(
            f"{type(frontend).__name__} has no band-pass filters; SincNet and BandEnergy do."
        )
    return _bank(type(frontend)(**frontend.settings())), _bank(frontend)


def cumulative_response(bank: BandPassBank) -> tuple[Hertz, Hertz]:
    """How many filters hear each frequency: the sum of their magnitude responses.

    Each filter is brought to a gain of 1 in its band. As `BandPass` makes them, narrow ones are
    loud: with that left in, the lowest bands would hide all others.

    Returns:
        Frequencies from 0 to half the sample rate in Hz, and the linear sum at each; (8193,) each.

    Source: Ravanelli & Bengio 2018, arXiv:1808.00158, section 4.1.
    """
    gain = 2 * (bank.high_hz - bank.low_hz) / bank.sample_rate_hz
    magnitude = np.abs(np.fft.rfft(bank.filters * gain[:, None], _FFT_SAMPLES, axis=1))
    frequency_hz = np.fft.rfftfreq(_FFT_SAMPLES, 1 / bank.sample_rate_hz)
    return np.asarray(frequency_hz, np.float64), magnitude.sum(axis=0)


def bank_record(encoder: Encoder) -> dict[str, Any]:
    """Cut-offs before and after training, and how far they moved, ready for JSON.

    Raises:
        InputError: as `learned_banks`.
    """
    before, after = learned_banks(encoder)
    moved = np.abs([after.low_hz - before.low_hz, after.high_hz - before.high_hz])
    return {
        "sample_rate_hz": after.sample_rate_hz,
        "mean_shift_hz": float(moved.mean()),
        "largest_shift_hz": float(moved.max()),
        "before": {"low_hz": before.low_hz.tolist(), "high_hz": before.high_hz.tolist()},
        "after": {"low_hz": after.low_hz.tolist(), "high_hz": after.high_hz.tolist()},
    }


def frontend_figure(encoder: Encoder) -> Figure:
    """Bands and cumulative frequency response before and after training.

    Bands are in the order of their centres before training.

    Raises:
        InputError: as `learned_banks`.
    """
    from matplotlib.figure import Figure

    before, after = learned_banks(encoder)
    figure = Figure(figsize=(9.6, 4.2), layout="constrained")
    bands, response = figure.subplots(1, 2)
    order = np.argsort(before.low_hz + before.high_hz, kind="stable")
    for name, bank, colour in (("before", before, "0.6"), ("after", after, COLOURS[0])):
        look = {"color": colour, "label": f"{name} training"}
        _draw_bands(bands, bank, order, **look)
        response.plot(*cumulative_response(bank), linewidth=1.2, **look)
    limits_hz = min(before.low_hz.min(), after.low_hz.min()), after.sample_rate_hz / 2
    bands.set(yscale="log", ylim=limits_hz, xlabel="band", ylabel="cut-offs (Hz)")
    response.set(xscale="log", xlim=limits_hz, xlabel="frequency (Hz)")
    response.set(ylim=(0, None), ylabel="filters that hear it (sum of gains)")
    for axes in (bands, response):
        axes.legend(frameon=False)
        axes.grid(color="0.9", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _bank(frontend: Any) -> BandPassBank:
    low, high = frontend.cutoffs_hz()
    low_hz, high_hz, filters = (
        values.detach().cpu().numpy().astype(np.float64)
        for values in (low, high, frontend.filters())
    )
    return BandPassBank(
        sample_rate_hz=frontend.sample_rate_hz, low_hz=low_hz, high_hz=high_hz, filters=filters
    )


def _draw_bands(axes: Axes, bank: BandPassBank, order: Any, *, color: str, label: str) -> None:
    places = np.arange(len(order))
    low, high = bank.low_hz[order], bank.high_hz[order]
    axes.fill_between(places, low, high, step="mid", color=color, alpha=0.3, linewidth=0)
    for edge, name in ((low, label), (high, None)):
        axes.step(places, edge, where="mid", color=color, linewidth=1.1, label=name)
