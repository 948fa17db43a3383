import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from timbrespace.identification.logistic import class_weights, fit_logistic


def drawn(rng, n_classes, n=60):
    classes = np.arange(n) % n_classes
    centres = rng.standard_normal((n_classes, 5))
    return (centres[classes] + rng.standard_normal((n, 5))).astype(np.float32), classes


@pytest.mark.parametrize("n_classes", [2, 4])
def test_agrees_with_scikit_learn_on_standardised_vectors(rng, n_classes):
    vectors, classes = drawn(rng, n_classes)
    weights = class_weights(classes)
    models = fit_logistic(vectors, classes, weights, penalties=(10.0, 1.0))
    centred = vectors - vectors.mean(axis=0)
    centred /= np.sqrt(np.square(centred).mean())
    for model, penalty in zip(models, (10.0, 1.0), strict=True):
        theirs = LogisticRegression(C=1 / penalty).fit(centred, classes, sample_weight=weights)
        logs = model.logits(vectors)
        ours = np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
        # both stop at a gradient of 1e-4
        np.testing.assert_allclose(ours, theirs.predict_proba(centred), atol=2e-3)


def test_scale_and_origin_do_not_matter(rng):
    vectors, classes = drawn(rng, 3)
    weights = class_weights(classes)
    (model,) = fit_logistic(vectors, classes, weights, penalties=(1.0,))
    (moved,) = fit_logistic(4 * vectors + 2, classes, weights, penalties=(1.0,))
    differences = model.logits(vectors) - moved.logits(4 * vectors + 2)
    np.testing.assert_allclose(differences, 0, atol=2e-3)  # both stop at a gradient of 1e-4


def test_classes_count_alike():
    classes = np.array([0] * 7 + [1] * 2 + [2])
    weights = class_weights(classes)
    np.testing.assert_allclose(np.bincount(classes, weights), 10 / 3)


def test_equal_vectors_give_equal_odds():
    classes = np.array([0, 1] * 5)
    (model,) = fit_logistic(
        np.ones((10, 3), np.float32), classes, class_weights(classes), penalties=(1.0,)
    )
    logits = model.logits(np.ones((1, 3), np.float32))
    assert logits[0, 0] == pytest.approx(logits[0, 1], abs=1e-6)
