import numpy as np
import pytest
from sklearn import manifold

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation import trustworthiness as module
from timbrespace.evaluation.trustworthiness import trustworthiness


@pytest.fixture
def points(rng):
    return rng.standard_normal((90, 12))


@pytest.mark.parametrize("neighbours", [1, 5, 44])
@pytest.mark.parametrize("block", [1, 1 << 23], ids=["one row a block", "one block"])
def test_it_is_scikit_learns(points, monkeypatch, neighbours, block):
    monkeypatch.setattr(module, "_BLOCK_DISTANCES", block)
    placed = points[:, :2]
    theirs = manifold.trustworthiness(points, placed, n_neighbors=neighbours)
    assert trustworthiness(points, placed, neighbours=neighbours) == pytest.approx(theirs, abs=1e-9)


def test_a_map_that_keeps_all_neighbours_is_trusted(points):
    turned = points @ np.linalg.qr(np.random.default_rng(1).standard_normal((12, 12)))[0]
    assert trustworthiness(points, 3 * turned + 1, neighbours=10) == pytest.approx(1)


def test_a_random_map_is_worth_a_half(rng):
    random = trustworthiness(
        rng.standard_normal((800, 12)), rng.standard_normal((800, 2)), neighbours=10
    )
    assert random == pytest.approx(0.5, abs=0.03)  # deviation over seeds: 0.006


@pytest.mark.parametrize("neighbours", [0, 45])
def test_neighbours_have_a_range(points, neighbours):
    with pytest.raises(ConfigError, match="less than half of 90"):
        trustworthiness(points, points, neighbours=neighbours)


def test_tables_must_fit(points):
    with pytest.raises(InputError, match="as many rows"):
        trustworthiness(points, points[1:], neighbours=5)


def test_numbers_must_be_finite(points):
    points[3, 3] = np.inf
    with pytest.raises(InputError, match="infinity"):
        trustworthiness(points, points, neighbours=5)
