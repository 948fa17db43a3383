import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from timbrespace.errors import InputError
from timbrespace.evaluation.silhouette import silhouette


def test_it_is_scikit_learns(rng):
    vectors = rng.standard_normal((70, 9)) + np.repeat(rng.standard_normal((7, 9)), 10, axis=0)
    labels = np.repeat(list("aabbccd"), 10)
    labels[0] = "alone"
    theirs = silhouette_score(vectors, labels, metric="cosine")
    assert silhouette(vectors, labels) == pytest.approx(theirs, abs=1e-12)


def test_groups_that_lie_in_each_other_have_none(rng):
    vectors = np.repeat(rng.standard_normal((40, 5)), 2, axis=0)
    assert silhouette(vectors, ["a", "b"] * 40) <= 0


def test_sounds_that_are_all_alike_have_none():
    assert silhouette(np.ones((6, 3)), list("aaabbb")) == 0


def test_one_label_is_refused():
    with pytest.raises(InputError, match="two or more labels"):
        silhouette(np.eye(3), ["a"] * 3)


def test_an_unknown_label_is_refused():
    with pytest.raises(InputError, match="None"):
        silhouette(np.eye(3), ["a", "b", None])


def test_a_vector_without_direction_is_refused():
    with pytest.raises(InputError, match="all zero"):
        silhouette([[0, 0], [1, 0]], ["a", "b"])
