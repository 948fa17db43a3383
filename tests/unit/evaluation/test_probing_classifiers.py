import importlib
import sys

import numpy as np
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from sklearn.svm import SVC

from timbrespace.errors import MissingDependencyError
from timbrespace.evaluation.probing_classifiers import (
    CLASSIFIERS,
    best_prediction,
    majority_prediction,
    multiclass_f1,
)

each = pytest.mark.parametrize("name", CLASSIFIERS)
SIZES = {"train": 120, "valid": 60, "test": 60}


@pytest.fixture
def parts(rng):
    """Three classes that overlap: vectors and classes of each part."""
    centres = 1.5 * np.eye(3, 6)
    classes = {part: np.array(list("abc") * (n // 3)) for part, n in SIZES.items()}
    vectors = {
        part: centres[np.arange(n) % 3] + rng.standard_normal((n, 6)) for part, n in SIZES.items()
    }
    return vectors, classes


@each
def test_what_is_there_is_learned(name, parts):
    vectors, classes = parts
    said, settings = best_prediction(name, vectors, classes, seed=0)
    assert settings in CLASSIFIERS[name].grid
    assert np.mean(said == classes["test"]) > 0.5


@each
def test_equal_seeds_say_the_same(name, parts):
    first, again = (best_prediction(name, *parts, seed=3) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert first[1] == again[1]


@each
def test_test_notes_change_nothing_about_the_choice(name, parts):
    vectors, classes = parts
    hidden = {part: labels for part, labels in classes.items() if part != "test"}
    shifted = vectors | {"test": vectors["test"] + 9}
    assert (
        best_prediction(name, vectors, classes, seed=0)[1]
        == (best_prediction(name, shifted, hidden, seed=0)[1])
    )


def test_the_svm_is_that_of_scikit_learn_searched_on_the_validation_part(parts):
    vectors, classes = parts
    learn = np.concatenate([vectors["train"], vectors["valid"]])
    labels = np.concatenate([classes["train"], classes["valid"]])
    fold = np.repeat([-1, 0], [SIZES["train"], SIZES["valid"]])
    grid = {"C": [10.0**power for power in range(-3, 4)]}
    search = GridSearchCV(
        SVC(gamma=1 / 6), grid, scoring="f1_macro", cv=PredefinedSplit(fold), refit=False
    )
    chosen = search.fit(learn, labels).best_params_
    model = SVC(gamma=1 / 6, **chosen).fit(vectors["train"], classes["train"])
    said, settings = best_prediction("SVM", vectors, classes, seed=0)
    assert settings == chosen
    assert np.array_equal(said, model.predict(vectors["test"]))


@each
def test_constant_vectors_say_one_class(name, parts):
    vectors, classes = parts
    same = {part: np.zeros_like(rows) for part, rows in vectors.items()}
    assert len(set(best_prediction(name, same, classes, seed=0)[0].tolist())) == 1


def test_the_majority_is_the_most_frequent_class_and_the_first_of_equals():
    assert majority_prediction(np.array(["b", "b", "a"]), 3).tolist() == ["b"] * 3
    assert majority_prediction(np.array(["b", "a"]), 1).tolist() == ["a"]


def test_f1_agrees_with_scikit_learn(rng):
    for n_said in (3, 5):  # five: classes are said that are not there
        truth = rng.integers(4, size=80).astype(str)
        said = rng.integers(n_said, size=80).astype(str)
        found = multiclass_f1(truth, said)
        assert found.micro == pytest.approx(f1_score(truth, said, average="micro"))
        assert found.macro == pytest.approx(f1_score(truth, said, average="macro"))
        assert found.micro == pytest.approx(np.mean(truth == said))


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    name = "timbrespace.evaluation.probing_classifiers"
    monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)  # as if it were not there
    with pytest.raises(MissingDependencyError, match=r"timbrespace\[evaluation\]"):
        importlib.import_module(name)
