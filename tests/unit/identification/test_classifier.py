import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.identification.classifier import Classifier


def classifier(**changes):
    settings = {
        "label": "family",
        "classes": ("brass", "reed"),
        "weight": np.array([[2, 0], [0, 2]], np.float32),
        "bias": np.array([0.5, 0], np.float32),
        "anchors": np.eye(2, dtype=np.float32),
        "least_similarity": 0.5,
        "encoder_name": "toy",
        "encoder_hash": "0" * 16,
    }
    return Classifier(**settings | changes)


def test_probabilities_are_the_softmax_of_a_linear_function():
    found = classifier().probabilities(np.array([[0, 1], [1, 0]], np.float32))
    odds = np.exp(np.array([0.5 - 2, 2 + 0.5]))
    np.testing.assert_allclose(found[:, 0] / found[:, 1], odds, rtol=1e-6)  # float32
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)


def test_similarity_is_the_cosine_to_the_nearest_anchor():
    vectors = np.array([[0.6, 0.8], [-1, 0]], np.float32)
    np.testing.assert_allclose(classifier().similarity(vectors), [0.8, 0], rtol=1e-6)


def test_vectors_of_other_dimensions_are_refused():
    for ask in (classifier().probabilities, classifier().similarity):
        with pytest.raises(InputError, match=r"must be \(n, 2\), got shape \(1, 3\)"):
            ask(np.ones((1, 3), np.float32))


def test_another_encoder_is_refused():
    classifier().check_encoder("any name", "0" * 16)
    with pytest.raises(InputError, match=r"taught with the encoder 'toy' .* this one is 'other'"):
        classifier().check_encoder("other", "1" * 16)
