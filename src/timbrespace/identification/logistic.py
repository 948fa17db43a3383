"""Learn a linear classifier from vectors: multinomial logistic regression.

Comes in: vectors, the class of each, and how much each counts. Goes out: weights and biases that
give logits, one pair for each strength of the penalty.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from timbrespace.embeddings import Vectors
from timbrespace.identification.classifier import Floats
from timbrespace.identification.folds import Codes

PENALTIES = (100.0, 10.0, 1.0, 0.1, 0.01)
"""Strengths to choose from, the strongest first."""


class Linear(NamedTuple):
    """`logits = vectors @ weight.T + bias`; (classes, dimensions) and (classes,)."""

    weight: Floats
    bias: Floats

    def logits(self, vectors: Vectors) -> Floats:
        """Logit of each class; (n, classes)."""
        return np.asarray(vectors @ self.weight.T + self.bias)


def fit_logistic(
    vectors: Vectors, classes: Codes, weights: Floats, *, penalties: tuple[float, ...] = PENALTIES
) -> list[Linear]:
    """Fit one classifier for each penalty, each going on from the one before.

    Vectors are moved and scaled as a whole to mean 0 and mean square 1 of a dimension, so that a
    penalty means the same for every encoder; angles between them stay.

    Args:
        vectors: (n, dimensions).
        classes: class of each, every number from 0 to the highest at least once; (n,).
        weights: how much each counts; (n,).
        penalties: of half the squared weights, beside the summed loss; falling.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    mean = vectors.mean(axis=0)
    scale = 1 / max(float(np.sqrt(np.square(vectors - mean).mean())), 1e-12)
    model = LogisticRegression(warm_start=True, max_iter=200)
    fitted = []
    for penalty in penalties:
        model.C = 1 / penalty
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early penalises too
            model.fit((vectors - mean) * scale, classes, sample_weight=weights)
        weight, bias = _every_class(model.coef_), _every_class(model.intercept_)
        fitted.append(Linear(weight * scale, bias - scale * weight @ mean))
    return fitted


def class_weights(classes: Codes) -> Floats:
    """Weights by which all classes count the same; (n,), mean 1.

    How many sounds of a class someone has says little of how often it will be asked for.

    Example:
        >>> class_weights(np.array([0, 0, 0, 1])).round(3).tolist()
        [0.667, 0.667, 0.667, 2.0]
    """
    counts = np.bincount(classes)
    return np.asarray(classes.size / (np.count_nonzero(counts) * counts[classes]))


def _every_class(values: Floats) -> Floats:
    """Where two classes share one row, a row for each."""
    return np.concatenate([-values / 2, values / 2]) if len(values) == 1 else values.copy()
