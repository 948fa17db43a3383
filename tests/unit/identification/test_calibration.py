import numpy as np
import pytest

from timbrespace.identification.calibration import (
    calibration_error,
    fit_temperature,
    log_loss,
    reliability,
)
from timbrespace.identification.classifier import softmax


def drawn(rng, n=20_000):
    """Logits, and classes drawn by exactly their probabilities."""
    logits = 2 * rng.standard_normal((n, 4))
    chance = softmax(logits).cumsum(axis=1)
    return logits, (rng.random((n, 1)) > chance).sum(axis=1)


@pytest.mark.parametrize("temperature", [0.25, 1, 5])
def test_the_temperature_that_spoilt_logits_is_found(rng, temperature):
    logits, classes = drawn(rng)
    found = fit_temperature(logits * temperature, classes, np.ones(len(classes)))
    assert found == pytest.approx(temperature, rel=0.05)  # 20,000 draws


def test_the_right_temperature_has_no_calibration_error(rng):
    logits, classes = drawn(rng)
    ones = np.ones(len(classes))
    assert calibration_error(reliability(softmax(logits), classes, ones)) < 0.01
    assert calibration_error(reliability(softmax(4 * logits), classes, ones)) > 0.1


def test_few_sounds_that_are_right_do_not_prove_certainty():
    logits, classes = 5 * np.eye(2)[[0, 1] * 3], np.array([0, 1] * 3)
    temperature = fit_temperature(logits, classes, np.ones(6))
    probability = softmax(logits / temperature).max()
    assert probability == pytest.approx(6.5 / 7, abs=1e-3)  # six are right, one is half right


def test_log_loss_of_equal_odds_is_that_of_guessing():
    assert log_loss(np.zeros((6, 3)), np.arange(6) % 3, np.ones(6)) == pytest.approx(np.log(3))
    assert np.isfinite(log_loss(np.array([[1e5, 0.0]]), np.array([1]), np.ones(1)))


def test_bins_add_up(rng):
    logits, classes = drawn(rng, n=500)
    weights = rng.random(500)
    bins = reliability(softmax(logits), classes, weights)
    right = softmax(logits).argmax(axis=1) == classes
    assert sum(entry.share for entry in bins) == pytest.approx(1)
    assert sum(entry.share * entry.accuracy for entry in bins) == pytest.approx(
        np.average(right, weights=weights)
    )


def test_certainty_has_a_bin():
    (only,) = reliability(np.array([[1.0, 0.0]]), np.array([0]), np.ones(1))
    assert (only.confidence, only.accuracy, only.share) == (1, 1, 1)
