import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.library.query import Example
from timbrespace.library.similarity import (
    brightness_likeness,
    cosines,
    envelope_likeness,
    largest,
    pitch_likeness,
    wanted_vector,
)


def units(rng, n, dimensions=16):
    vectors = rng.standard_normal((n, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("n_queries", [1, 2, 7])
def test_cosines_are_those_of_float64(rng, tmp_path, n_queries):
    vectors = units(rng, 70_000).astype(np.float16)
    vectors.tofile(tmp_path / "v")
    mapped = np.memmap(tmp_path / "v", np.float16, "r", shape=vectors.shape)
    queries = units(rng, n_queries)
    exact = queries.astype(np.float16).astype(np.float64) @ vectors.astype(np.float64).T
    np.testing.assert_allclose(cosines(mapped, queries), exact, atol=1e-6)  # float32 sums


def test_cosines_of_nothing_and_of_other_sizes(rng):
    assert cosines(np.empty((0, 16), np.float16), units(rng, 2)).shape == (2, 0)
    with pytest.raises(InputError, match="16 dimensions, the examples' 8"):
        cosines(units(rng, 3).astype(np.float16), units(rng, 1, 8))


def test_what_is_wanted_lies_between_the_likes_and_away_from_the_unlikes(rng):
    a, b, c = (Example(vector=3 * vector) for vector in np.eye(3, dtype=np.float32))
    np.testing.assert_allclose(wanted_vector([a, b], []), np.array([1, 1, 0]) / 2**0.5, atol=1e-6)
    np.testing.assert_allclose(wanted_vector([], [c]), [0, 0, -1], atol=1e-6)
    wanted = wanted_vector([a], [c])
    assert wanted[0] > 0 > wanted[2]


def test_examples_without_direction_are_refused():
    one, other = (Example(vector=np.array(v, np.float32)) for v in ([1.0, 0.0], [-1.0, 0.0]))
    with pytest.raises(InputError, match="cancel out"):
        wanted_vector([one, other], [])
    with pytest.raises(InputError, match="one size"):
        wanted_vector([one, Example(vector=np.ones(3, np.float32))], [])


def test_likeness_is_1_for_equal_and_halves():
    example = Example(
        vector=np.ones(1), pitch_midi=60, brightness_hz=1_000, envelope=bytes([9] * 4)
    )
    pitches = np.array([60, 64, 56, np.nan])
    np.testing.assert_allclose(pitch_likeness(pitches, example), [1, 0.5, 0.5, 0])
    hz = np.array([1_000, 2_000, 0, np.nan])
    np.testing.assert_allclose(brightness_likeness(hz, example), [1, 0.25, 0, 0])
    levels = np.array([[9] * 4, [255] * 4], np.uint8)
    np.testing.assert_allclose(envelope_likeness(levels, example), [1, 9 / 255])


def test_sounds_without_pitch_are_alike():
    example = Example(vector=np.ones(1))
    assert pitch_likeness(np.array([60, np.nan]), example).tolist() == [0, 1]
    assert brightness_likeness(np.array([60, np.nan]), example).tolist() == [0, 1]
    assert envelope_likeness(np.zeros((2, 4), np.uint8), example).tolist() == [0, 0]


@pytest.mark.parametrize("n", [0, 1, 63, 64, 1_000, 10_001])
@pytest.mark.parametrize("count", [1, 5, 200])
def test_the_largest_are_found_ties_and_all(rng, n, count):
    scores = rng.integers(0, 300, n).astype(np.float32)
    found = scores[largest(scores, count)]
    np.testing.assert_array_equal(np.sort(found), np.sort(scores)[max(0, n - count) :])
