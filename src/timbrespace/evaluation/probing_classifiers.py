"""The classifiers that probe, each chosen on validation notes from a small grid.

Comes in: vectors and classes of a training, a validation and a test part. Goes out: the classes
said of the test part, and the settings that were chosen. Needs the extra `evaluation`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import MissingDependencyError
from timbrespace.evaluation.labels import Labels
from timbrespace.evaluation.tagging import F1Scores, f1_scores

try:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics.pairwise import rbf_kernel
    from sklearn.neural_network import MLPClassifier
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier
except ImportError as fault:
    raise MissingDependencyError(
        "probing needs scikit-learn; install it with: pip install 'timbrespace[evaluation]'"
    ) from fault

Settings = Mapping[str, Any]
Features = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Classifier:
    """A kind of classifier.

    Attributes:
        make: settings and a seed to an estimator as scikit-learn has them.
        grid: settings to choose from, the simplest first.
        features: vectors of a part, and of the training part, to what the estimator takes.
    """

    make: Callable[[Settings, int], Any]
    grid: Sequence[Settings]
    features: Callable[[Features, Features], Features] = lambda part, train: part


def _kernel(part: Features, train: Features) -> Features:
    """RBF kernel, computed once for the whole grid; its width suits standardised vectors."""
    kernel: Features = rbf_kernel(part.astype(np.float64), train, gamma=1 / train.shape[1])
    return kernel


CLASSIFIERS: Mapping[str, Classifier] = {
    "MLP": Classifier(
        lambda settings, seed: MLPClassifier(random_state=seed, **settings),
        [{"hidden_layer_sizes": (100,)}, {"hidden_layer_sizes": (300,)}],
    ),
    "SVM": Classifier(
        lambda settings, seed: SVC(kernel="precomputed", random_state=seed, **settings),
        [{"C": 10.0**power} for power in range(-3, 4)],
        _kernel,
    ),
    "tree": Classifier(
        lambda settings, seed: DecisionTreeClassifier(random_state=seed, **settings),
        [
            {"max_depth": depth, "min_samples_leaf": leaf}
            for depth in (5, 10, 20)
            for leaf in (10, 1)
        ],
    ),
}


def best_prediction(
    name: str, vectors: Mapping[str, Features], classes: Mapping[str, Labels], *, seed: int
) -> tuple[Labels, Settings]:
    """Learn from the training part with each setting of the grid; the best on validation speaks.

    Best is the highest macro F1; among equals, the first of the grid.

    Args:
        name: key of `CLASSIFIERS`.
        vectors: "train", "valid" and "test"; (notes, dimensions) each, standardised.
        classes: "train" and "valid"; (notes,) each. Those of the test part are not looked at.
        seed: of the classifier's own draws.

    Returns:
        Classes said of the test part, (notes,), and the settings chosen.
    """
    classifier = CLASSIFIERS[name]
    features = {part: classifier.features(rows, vectors["train"]) for part, rows in vectors.items()}
    fitted = [
        _fitted(classifier.make(settings, seed), features["train"], classes["train"])
        for settings in classifier.grid
    ]
    valid_f1 = [
        multiclass_f1(classes["valid"], model.predict(features["valid"])).macro for model in fitted
    ]
    best = int(np.argmax(valid_f1))
    return fitted[best].predict(features["test"]), classifier.grid[best]


def majority_prediction(train: Labels, n_notes: int) -> Labels:
    """The most frequent class of the training part, for every note; ties: the first by name.

    Example:
        >>> majority_prediction(np.array(["reed", "brass", "reed"]), 2).tolist()
        ['reed', 'reed']
    """
    names, counts = np.unique(train, return_counts=True)
    return np.repeat(names[counts.argmax()], n_notes)


def multiclass_f1(truth: Labels, predicted: Labels) -> F1Scores:
    """F1 where each note has one class: micro is the share that is right.

    Macro is the mean over the classes that are there or were said.

    Example:
        >>> scores = multiclass_f1(np.array(["a", "a", "b", "b"]), np.array(["a", "a", "a", "b"]))
        >>> scores.micro, round(scores.macro, 3)
        (0.75, 0.733)
    """
    names = np.union1d(truth, predicted)
    return f1_scores(truth[:, None] == names, predicted[:, None] == names)


def _fitted(model: Any, features: Features, classes: Labels) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 200 epochs suffice to choose
        return model.fit(features, classes)
