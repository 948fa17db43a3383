"""Scores of every run on the test excerpts, with thresholds from the validation excerpts.

Comes in: finished runs. Goes out: `Judged` of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.errors import InputError
from timbrespace.evaluation.tagging import Flags, Rates
from timbrespace.evaluation.tagging_results import (
    TagScores,
    chosen_threshold,
    chosen_thresholds,
    score_tags,
)
from timbrespace.evaluation.tagging_significance import Difference, f1_difference
from timbrespace.reproduction.zhong2023.paper import FULL, SCRATCH
from timbrespace.reproduction.zhong2023.plan import Request, RunKey
from timbrespace.reproduction.zhong2023.runs import run_folder
from timbrespace.tagging.excerpts import Excerpts
from timbrespace.tagging.judging import read_probabilities


@dataclass(frozen=True)
class HeldOut:
    """The test excerpts.

    Attributes:
        truth: (excerpts, classes).
        known: (excerpts, classes).
        songs: of each excerpt; (excerpts,).
        classes: names.
    """

    truth: Flags
    known: Flags
    songs: npt.NDArray[np.str_]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A run on the test excerpts.

    Attributes:
        rates: probabilities; (excerpts, classes).
        threshold: for all classes.
        scores: with that threshold.
        f1_own_thresholds: micro and macro F1 with a threshold for each class.
    """

    rates: Rates
    threshold: float
    scores: TagScores
    f1_own_thresholds: tuple[float, float]

    @property
    def decisions(self) -> Flags:
        """What is said; (excerpts, classes)."""
        return np.asarray(self.rates >= self.threshold)


def held_out(excerpts: Excerpts) -> HeldOut:
    """The test excerpts of a corpus; an excerpt without a song is a song of its own."""
    test = excerpts.of_split("test")
    rows = excerpts.rows.take(pa.array(test)).select(["id", "instrument"]).to_pylist()
    songs = np.array([row["instrument"] or row["id"] for row in rows])
    return HeldOut(excerpts.truth[test], excerpts.known[test], songs, excerpts.classes)


def judge_runs(
    request: Request, excerpts: Excerpts, tests: HeldOut, folder: Path
) -> dict[RunKey, Judged]:
    """Scores of every run.

    Raises:
        InputError: a run's probabilities are missing or of other excerpts.
    """
    return {key: _judged(excerpts, tests, run_folder(folder, key)) for key in request.runs}


def middle_run(judged: Mapping[RunKey, Judged], row: str) -> RunKey:
    """The run of a row on all excerpts whose micro F1 is nearest to the mean over seeds."""
    f1 = {key: judged[key].scores.f1_micro for key in runs_of(judged, row)}
    mean = np.mean(list(f1.values()))
    return min(f1, key=lambda key: abs(f1[key] - mean))


def run_title(judged: Mapping[RunKey, Judged], key: RunKey, title: str) -> str:
    """A run's name in the report, with what its row shows before it."""
    nearest = ", the nearest to the mean" if has_seeds(judged, key) else ""
    return f"{title}, seed {key.seed}{nearest}"


def has_seeds(judged: Mapping[RunKey, Judged], key: RunKey) -> bool:
    """Whether a run's row has more than one seed."""
    return len(runs_of(judged, key.row)) > 1


def runs_of(judged: Mapping[RunKey, Judged], row: str, fraction: float = 1.0) -> list[RunKey]:
    """Runs of a row on a share of the excerpts, in the order of their seeds."""
    return [key for key in judged if (key.row, key.fraction) == (row, fraction)]


def gain_of_pretraining(
    judged: Mapping[RunKey, Judged], tests: HeldOut, fraction: float
) -> Difference:
    """By how much the row "full" is better than "scratch" on a share of the excerpts."""
    decisions = [
        np.stack([judged[key].decisions for key in runs_of(judged, row, fraction)])
        for row in (FULL, SCRATCH)
    ]
    return f1_difference(tests.truth, *decisions, known=tests.known, groups=tests.songs)


def mean_and_deviation(values: Sequence[float]) -> tuple[float, float]:
    """Over seeds; the deviation (n - 1) is NaN for one."""
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
    return float(np.mean(values)), deviation


def _judged(excerpts: Excerpts, tests: HeldOut, run: Path) -> Judged:
    rates = {}
    for split in ("valid", "test"):
        ids, rates[split] = read_probabilities(run, split)
        expected = excerpts.rows["id"].take(pa.array(excerpts.of_split(split)))
        if ids["id"].to_pylist() != expected.to_pylist():
            raise InputError(f"{run}: was judged on other excerpts; delete it to train it anew.")
    valid = excerpts.of_split("valid")
    validation = excerpts.truth[valid], rates["valid"], excerpts.known[valid]
    threshold, own = chosen_threshold(*validation), chosen_thresholds(*validation)
    scores = score_tags(tests.truth, rates["test"], threshold, tests.known)
    with_own = score_tags(tests.truth, rates["test"], own, tests.known)
    return Judged(rates["test"], threshold, scores, (with_own.f1_micro, with_own.f1_macro))
