"""How good a classifier was on sounds that were held out.

Comes in: the probabilities that were given, and the truth. Goes out: a `Judgement`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.identification.calibration import Bin, calibration_error, reliability
from timbrespace.identification.classifier import Floats
from timbrespace.identification.folds import Codes
from timbrespace.identification.logistic import class_weights


@dataclass(frozen=True)
class Judgement:
    """How well classes are told on sounds (and groups) that were not learnt from.

    Attributes:
        n_folds: folds, each held out once; 0 where other sounds were judged than those taught.
        n_sounds: sounds judged.
        n_groups: groups that they come from.
        accuracy: share that is right, 0 to 1.
        interval: 95 % of the accuracy, if other groups had been recorded (Wilson 1927; each group
            counts as one observation, so it is rather too wide).
        top5_accuracy: share whose class is among the five likeliest.
        balanced_accuracy: mean over classes of the share that is right.
        majority: share of the most frequent class: the accuracy of always saying it.
        calibration_error: of the probabilities; classes count alike.
        bins: of the reliability diagram.
        confusion: counts; (true class, class said).
    """

    n_folds: int
    n_sounds: int
    n_groups: int
    accuracy: float
    interval: tuple[float, float]
    top5_accuracy: float
    balanced_accuracy: float
    majority: float
    calibration_error: float
    bins: tuple[Bin, ...]
    confusion: npt.NDArray[np.int64]

    def numbers(self) -> dict[str, float]:
        """The numbers that travel with a classifier."""
        return {
            "folds": self.n_folds,
            "sounds": self.n_sounds,
            "groups": self.n_groups,
            "accuracy": self.accuracy,
            "accuracy_low": self.interval[0],
            "accuracy_high": self.interval[1],
            "top5_accuracy": self.top5_accuracy,
            "balanced_accuracy": self.balanced_accuracy,
            "majority": self.majority,
            "calibration_error": self.calibration_error,
        }


def judgement_of(
    probabilities: Floats, classes: Codes, *, n_groups: int, n_folds: int
) -> Judgement:
    """Compare what was said with the truth.

    Args:
        probabilities: (n, classes), each of a sound that was held out.
        classes: (n,).
        n_groups: groups that the sounds come from.
        n_folds: how they were held out; 0 if they are other sounds than those taught.
    """
    n_classes = probabilities.shape[1]
    confusion = np.zeros((n_classes, n_classes), np.int64)
    likeliest = np.argsort(-probabilities, axis=1, kind="stable")
    np.add.at(confusion, (classes, likeliest[:, 0]), 1)
    counts = confusion.sum(axis=1)
    accuracy = float(confusion.trace() / classes.size)
    bins = reliability(probabilities, classes, class_weights(classes))
    return Judgement(
        n_folds=n_folds,
        n_sounds=classes.size,
        n_groups=n_groups,
        accuracy=accuracy,
        interval=wilson_interval(accuracy, n_groups),
        top5_accuracy=float((likeliest[:, :5] == classes[:, None]).any(axis=1).mean()),
        balanced_accuracy=float((confusion.diagonal()[counts > 0] / counts[counts > 0]).mean()),
        majority=float(counts.max() / classes.size),
        calibration_error=calibration_error(bins),
        bins=bins,
        confusion=confusion,
    )


def wilson_interval(share: float, n: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Interval of a share observed on `n` cases, within 0 and 1.

    Args:
        share: 0 to 1.
        n: cases.
        z: deviations; 1.96 gives 95 %.

    Example:
        >>> [round(end, 3) for end in wilson_interval(1.0, 10)]
        [0.722, 1.0]

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
    """
    centre = share + z**2 / (2 * n)
    half = z * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    low, high = ((centre + sign * half) / (1 + z**2 / n) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)
