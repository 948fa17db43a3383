"""Average precision of one ranking, the arithmetic that retrieval and tagging share.

Comes in: scores of what was ranked. Goes out: a rate from 0 to 1, higher is better.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.floating[Any]]


def average_precision(scores: Scores, relevant: Scores) -> float:
    """Mean, over the relevant items, of the relevant share among those scored as high or higher.

    Items of equal score rank together, so their order never matters.

    Args:
        scores: of all items; (items,).
        relevant: of those that are right, at least one; (relevant,).

    Example:
        >>> average_precision(np.array([0.9, 0.8, 0.1]), np.array([0.9, 0.1]))  # (1/1 + 2/3) / 2
        0.8333333333333333

    Source: Manning, Raghavan & Schütze 2008, "Introduction to Information Retrieval", chapter 8.
    """
    everything, right = np.sort(scores), np.sort(relevant)
    n_right = right.size - np.searchsorted(right, right)
    n_all = everything.size - np.searchsorted(everything, right)
    return float((n_right / n_all).mean())
