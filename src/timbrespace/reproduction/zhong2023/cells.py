"""Scores of runs as the cells of tables.

Comes in: scores of every run. Goes out: text; “–” where nothing is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from timbrespace.evaluation.tagging_results import score_text
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.scores import Judged, mean_and_deviation, runs_of

Runs = Mapping[RunKey, Judged]

SCORES: Mapping[str, Callable[[Judged], float]] = {
    "F1 micro": lambda run: run.scores.f1_micro,
    "F1 macro": lambda run: run.scores.f1_macro,
    "LRAP": lambda run: run.scores.lrap,
    "mAP": lambda run: run.scores.mean_average_precision,
}


def spread(judged: Runs, row: str, score: str, fraction: float = 1.0) -> str:
    """Mean of one of `SCORES` over the seeds of a row, and their deviation where there are two."""
    values = [SCORES[score](judged[key]) for key in runs_of(judged, row, fraction)]
    mean, deviation = mean_and_deviation(values)
    return score_text(mean) + ("" if math.isnan(deviation) else f" ± {deviation:.3f}")


def meaning(judged: Runs, row: str) -> str:
    """What `spread` tells."""
    n_seeds = len(runs_of(judged, row))
    return f"mean over {n_seeds} seeds ± their standard deviation" if n_seeds > 1 else "one seed"
