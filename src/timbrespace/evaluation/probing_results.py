"""What probes found.

Comes in: F1 of each task, classifier and split. Goes out: means over splits, an Arrow table, a
record ready for JSON. F1 goes from 0 to 1, higher is better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from timbrespace.evaluation.probing_tasks import Protocol, Task


@dataclass(frozen=True, kw_only=True)
class Score:
    """F1 of one classifier on the test part of one split.

    Attributes:
        task: key of `TASKS`.
        classifier: key of `CLASSIFIERS`.
        repeat: number of the split.
        micro: share of notes that is right.
        macro: mean F1 of the classes.
        majority_micro: micro F1 of always saying the most frequent class of the training part.
        majority_macro: macro F1 of the same.
        settings: what the validation part chose.
        n_train: notes learned from.
        n_valid: notes that settings were chosen on.
        n_test: notes scored.
    """

    task: str
    classifier: str
    repeat: int
    micro: float
    macro: float
    majority_micro: float
    majority_macro: float
    settings: dict[str, Any]
    n_train: int
    n_valid: int
    n_test: int


@dataclass(frozen=True, kw_only=True)
class Mean:
    """Means over the splits of one task and classifier; `Score` explains the names.

    Attributes:
        micro_sd: standard deviation of `micro` over the splits; NaN for one split.
        macro_sd: the same of `macro`.
    """

    task: str
    classifier: str
    micro: float
    macro: float
    micro_sd: float
    macro_sd: float
    majority_micro: float
    majority_macro: float

    @property
    def improvement_micro(self) -> float:
        """Relative improvement of micro F1 over the majority."""
        return relative_improvement(self.micro, self.majority_micro)

    @property
    def improvement_macro(self) -> float:
        """Relative improvement of macro F1 over the majority."""
        return relative_improvement(self.macro, self.majority_macro)


@dataclass(frozen=True, kw_only=True)
class Probing:
    """What probes found, and the settings that it takes to find it again.

    Attributes:
        protocol: "grouped" or "stratified".
        repeats: random splits of each task.
        seed: of all random draws.
        tasks: tasks that could be asked.
        skipped: the reason by name of each task that could not.
        scores: by task, classifier and split, in this order.
    """

    protocol: Protocol
    repeats: int
    seed: int
    tasks: tuple[Task, ...]
    skipped: dict[str, str]
    scores: tuple[Score, ...]

    @property
    def means(self) -> tuple[Mean, ...]:
        """Means over splits, by task and classifier."""
        pairs = dict.fromkeys((score.task, score.classifier) for score in self.scores)
        return tuple(
            _mean([score for score in self.scores if (score.task, score.classifier) == pair])
            for pair in pairs
        )

    def as_table(self) -> pa.Table:
        """Scores, a row each; the columns are the attributes of `Score`."""
        return pa.Table.from_pylist([asdict(score) for score in self.scores])

    def as_record(self) -> dict[str, Any]:
        """Everything but the notes' labels, ready for JSON; what is NaN becomes None."""
        return {
            "protocol": self.protocol,
            "repeats": self.repeats,
            "seed": self.seed,
            "tasks": {task.name: task.as_record() for task in self.tasks},
            "skipped": self.skipped,
            "means": [_mean_record(mean) for mean in self.means],
            "scores": [asdict(score) for score in self.scores],
        }


def relative_improvement(f1: float, majority_f1: float) -> float:
    """How much better than the majority: 0 is no better, 1 is twice as good.

    Args:
        f1: of the classifier.
        majority_f1: of always saying the most frequent class; where it is 0, NaN comes out.

    Example:
        >>> relative_improvement(0.75, 0.5)
        0.5
    """
    return (f1 - majority_f1) / majority_f1 if majority_f1 else math.nan


def _mean(scores: Sequence[Score]) -> Mean:
    first = scores[0]
    names = ("micro", "macro", "majority_micro", "majority_macro")
    columns = {name: np.array([getattr(score, name) for score in scores]) for name in names}
    deviations = {
        f"{name}_sd": float(columns[name].std(ddof=1)) if len(scores) > 1 else math.nan
        for name in ("micro", "macro")
    }
    means = {name: float(column.mean()) for name, column in columns.items()}
    return Mean(task=first.task, classifier=first.classifier, **means, **deviations)


def _mean_record(mean: Mean) -> dict[str, Any]:
    record = asdict(mean) | {
        "improvement_micro": mean.improvement_micro,
        "improvement_macro": mean.improvement_macro,
    }
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in record.items()
    }
