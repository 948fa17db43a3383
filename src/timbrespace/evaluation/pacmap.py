"""PaCMAP: maps that keep neighbours near and, better than t-SNE, groups where they belong.

Comes in: unit vectors and where to start from. Goes out: coordinates (sounds, 2 or 3). While it
lays out, what this process prints is read to see how far it is: PaCMAP tells in no other way.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout

import numpy as np
import numpy.typing as npt

from timbrespace.errors import MissingDependencyError

Coordinates = npt.NDArray[np.float64]
Progress = Callable[[float], object]

FEWEST_SOUNDS = 8
"""PaCMAP scales distances by the fourth to sixth neighbour."""

_STEPS = (100, 100, 250)  # of its three phases


def pacmap(
    unit: Coordinates, start: Coordinates, n_neighbors: int, seed: int, on_progress: Progress
) -> Coordinates:
    """Lay out by PaCMAP.

    Args:
        unit: (sounds, dimensions), eight or more of unit length, not all alike.
        start: (sounds, 2 or 3).
        n_neighbors: that each sound keeps near.
        seed: of the pairs that are looked at.
        on_progress: called now and then with the share that is done.

    Raises:
        MissingDependencyError: pacmap is not installed.

    Source: Wang, Huang, Rudin & Shaposhnik 2021, "Understanding how dimension reduction tools
    work", JMLR 22.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Numba's, about threads
            from pacmap import PaCMAP
    except ImportError as fault:
        raise MissingDependencyError(
            "method 'pacmap' needs pacmap: pip install 'timbrespace[explorer]', or use 'pca'."
        ) from fault
    logging.getLogger("pacmap").setLevel(logging.ERROR)  # it warns of every seed
    layout = PaCMAP(
        n_components=start.shape[1],
        n_neighbors=n_neighbors,
        num_iters=_STEPS,
        random_state=seed,
        verbose=True,
    )
    with redirect_stdout(_PrintedSteps(on_progress)):
        return np.asarray(layout.fit_transform(unit, init=start), dtype=np.float64)


class _PrintedSteps(io.TextIOBase):
    """Takes what PaCMAP prints, and reports the steps that it names."""

    def __init__(self, on_progress: Progress) -> None:
        self._on_progress = on_progress

    def write(self, text: str) -> int:
        if text.startswith("Iteration:"):
            done = int(text.removeprefix("Iteration:").split(",")[0])
            self._on_progress(done / sum(_STEPS))
        return len(text)
