import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.vectors import standardise, unit_vectors

both = pytest.mark.parametrize("change", [standardise, unit_vectors])


def test_unit_vectors_have_length_one_and_keep_their_direction(rng):
    vectors = rng.standard_normal((5, 7), dtype=np.float32)
    unit = unit_vectors(vectors)
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(unit * np.linalg.norm(vectors, axis=1)[:, None], vectors, rtol=1e-6)


def test_standardised_columns_have_mean_zero_and_deviation_one(rng):
    scaled = standardise(rng.normal(50, [[1, 1000]], (40, 2)))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-12)


def test_standardising_ignores_units(rng):
    vectors = rng.standard_normal((9, 3))
    np.testing.assert_allclose(standardise(vectors * [1, 1e3, 1e-3] + 7), standardise(vectors))


def test_a_constant_dimension_becomes_zero():
    assert not standardise([[0.1], [0.1], [0.1]]).any()


@both
def test_the_callers_vectors_stay_as_they_are(change):
    vectors = np.array([[3.0, 4.0], [1.0, 2.0]])
    change(vectors)
    np.testing.assert_array_equal(vectors, [[3.0, 4.0], [1.0, 2.0]])


@both
@pytest.mark.parametrize("shape", [(3,), (0, 4), (4, 0), (1, 1, 1)])
def test_tables_of_another_shape_are_refused(change, shape):
    with pytest.raises(InputError, match="rows, dimensions"):
        change(np.ones(shape))


@both
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(change, value):
    with pytest.raises(InputError, match="finite"):
        change([[1.0, 2.0], [value, 1.0]])


def test_a_row_of_zeros_has_no_direction():
    with pytest.raises(InputError, match=r"1 vectors are all zero .*\[1\]"):
        unit_vectors([[1.0], [0.0]])
