import sys

import numpy as np
import pytest
from sklearn.decomposition import PCA

from timbrespace.errors import ConfigError, InputError, MissingDependencyError
from timbrespace.evaluation.projection import principal_coordinates, project
from timbrespace.evaluation.trustworthiness import trustworthiness
from timbrespace.evaluation.vectors import unit_vectors


@pytest.fixture
def clusters(rng):
    """Three groups of twenty directions, far apart; their lengths say nothing."""
    directions = np.repeat(np.eye(8)[:3], 20, axis=0) + 0.05 * rng.standard_normal((60, 8))
    return directions * rng.uniform(0.1, 10, (60, 1))


def groups_stay_apart(coordinates):
    groups = coordinates.reshape(3, 20, -1)
    centres = groups.mean(axis=1)
    radius = np.linalg.norm(groups - centres[:, None], axis=-1).max()
    gaps = np.linalg.norm(centres[:, None] - centres, axis=-1)[np.triu_indices(3, 1)]
    return bool((gaps > 2 * radius).all())


@pytest.mark.parametrize("method", ["tsne", "umap", "pca"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_groups_that_are_apart_stay_apart_and_a_seed_gives_one_map(clusters, method, dimensions):
    first = project(clusters, method=method, dimensions=dimensions, seed=3)
    again = project(clusters, method=method, dimensions=dimensions, seed=3)
    assert first.shape == (60, dimensions)
    assert groups_stay_apart(first)
    np.testing.assert_array_equal(first, again)


def test_only_directions_count(clusters):
    np.testing.assert_allclose(
        project(clusters, method="pca"), project(unit_vectors(clusters), method="pca"), atol=1e-12
    )


def test_principal_coordinates_agree_with_scikit_learn(rng):
    points = rng.standard_normal((50, 6)) * [5, 4, 3, 2, 1, 0.5] + 7
    theirs = PCA(3).fit_transform(points)
    ours = principal_coordinates(points, 3)
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-9)  # signs are free


def test_principal_coordinates_of_fewer_directions_end_in_zeros():
    places = principal_coordinates([[1.0], [3.0]], 3)
    np.testing.assert_allclose(places, [[-1, 0, 0], [1, 0, 0]])


@pytest.mark.parametrize("method", ["tsne", "umap", "pca"])
def test_four_sounds_are_enough(method):
    found = project([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], method=method)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("n_sounds", [1, 3])
def test_fewer_than_four_sounds_are_refused(n_sounds):
    with pytest.raises(InputError, match="at least 4 sounds"):
        project(np.eye(4)[:n_sounds])


def test_sounds_that_are_all_alike_are_refused():
    with pytest.raises(InputError, match="all alike"):
        project(np.ones((9, 3)) * np.arange(1, 10)[:, None])


def test_copies_of_a_sound_lie_together(clusters):
    found = project(np.repeat(clusters[::6], 3, axis=0), method="tsne", neighbours=3)
    assert np.isfinite(found).all()
    assert trustworthiness(np.repeat(clusters[::6], 3, axis=0), found, neighbours=2) > 0.9


def test_vectors_without_direction_are_refused():
    with pytest.raises(InputError, match="all zero or not finite"):
        project([[1, 0], [0, 0], [np.nan, 1], [0, 1]])


@pytest.mark.parametrize("wrong", [{"method": "lda"}, {"dimensions": 4}, {"seed": -1}])
def test_unknown_settings_are_refused(clusters, wrong):
    with pytest.raises(ConfigError, match="a method of"):
        project(clusters, **wrong)


@pytest.mark.parametrize(
    ("method", "most", "least"), [("tsne", 19, 1), ("umap", 59, 2)], ids=["tsne", "umap"]
)
def test_neighbours_have_a_range(clusters, method, most, least):
    for wrong in (most + 1, least - 1):
        with pytest.raises(ConfigError, match=f"from {least} to {most}"):
            project(clusters, method=method, neighbours=wrong)


def test_neighbours_change_a_map(clusters):
    wide, narrow = (project(clusters, neighbours=n) for n in (19, 5))
    assert np.abs(wide - narrow).max() > 1e-3


def test_pca_takes_no_neighbours(clusters):
    with pytest.raises(ConfigError, match="no neighbours"):
        project(clusters, method="pca", neighbours=5)


@pytest.mark.parametrize(("method", "module"), [("tsne", "openTSNE"), ("umap", "umap")])
def test_a_missing_library_is_named(clusters, monkeypatch, method, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingDependencyError, match=r"timbrespace\[evaluation\]"):
        project(clusters, method=method)
