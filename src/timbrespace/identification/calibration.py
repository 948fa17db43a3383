"""Probabilities that mean what they say.

Comes in: logits of sounds that the classifier had not been taught, and their classes. Goes out: the
temperature that fits them, or how far confidence and truth lie apart (0 to 1, lower is better).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from timbrespace.identification.classifier import Floats
from timbrespace.identification.folds import Codes

_LOG_RANGE = (np.log(0.01), np.log(100))
N_BINS = 10


@dataclass(frozen=True)
class Bin:
    """Sounds whose best class was given about the same probability.

    Attributes:
        confidence: mean of that probability.
        accuracy: share of them whose best class is right.
        share: their part of all sounds.
    """

    confidence: float
    accuracy: float
    share: float


def log_loss(logits: Floats, classes: Codes, weights: Floats) -> float:
    """Cross entropy in nats, as if one sound more had been of every class alike.

    That one keeps a few sounds that all are right from proving that errors never happen (Platt
    1999, "Probabilistic outputs for support vector machines", smooths targets likewise).

    Args:
        logits: (n, classes).
        classes: (n,).
        weights: (n,), mean 1.
    """
    highest = logits.max(axis=1, keepdims=True)
    logs = logits - highest - np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    right = weights * logs[np.arange(classes.size), classes]
    anything = weights * logs.mean(axis=1) / classes.size
    return -float((right + anything).sum() / (classes.size + 1))


def fit_temperature(logits: Floats, classes: Codes, weights: Floats) -> float:
    """The temperature, 0.01 to 100, whose `softmax(logits / temperature)` has the least log loss.

    Args:
        logits: (n, classes), of sounds that were held out.
        classes: (n,).
        weights: (n,), mean 1.

    Source: Guo et al. 2017, "On calibration of modern neural networks", arXiv:1706.04599.
    """
    found = minimize_scalar(
        lambda power: log_loss(logits / np.exp(power), classes, weights),
        bounds=_LOG_RANGE,
        method="bounded",
    )
    return float(np.exp(found.x))


def reliability(probabilities: Floats, classes: Codes, weights: Floats) -> tuple[Bin, ...]:
    """Confidence and accuracy in ten equal ranges of the best class's probability; none is empty.

    Args:
        probabilities: (n, classes).
        classes: (n,).
        weights: (n,).
    """
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == classes
    number = np.minimum((confidence * N_BINS).astype(np.intp), N_BINS - 1)
    total = weights.sum()
    return tuple(
        Bin(
            float(np.average(confidence[inside], weights=weights[inside])),
            float(np.average(right[inside], weights=weights[inside])),
            float(weights[inside].sum() / total),
        )
        for inside in (number == index for index in np.unique(number))
    )


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """Expected calibration error: mean distance of confidence and accuracy; 0 to 1, 0 is best.

    Example:
        >>> round(calibration_error((Bin(confidence=0.9, accuracy=0.7, share=1.0),)), 3)
        0.2

    Source: Naeini, Cooper & Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602.
    """
    return sum(entry.share * abs(entry.confidence - entry.accuracy) for entry in bins)
