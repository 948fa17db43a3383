import numpy as np
import pytest

from timbrespace.explorer.clusters import cluster_names


@pytest.fixture
def groups(rng):
    """Two groups of thirty vectors, far apart."""
    rows = np.repeat(np.eye(6)[:2], 30, axis=0) + 0.02 * rng.standard_normal((60, 6))
    return rows.astype(np.float16)


def test_clusters_follow_the_vectors_and_bear_the_commonest_name(groups):
    known = ["oboe"] * 28 + [None] * 2 + ["harp"] * 25 + ["oboe"] * 5
    found = np.array(cluster_names(groups, known))
    assert not set(found[:30]) & set(found[30:])
    assert {name.rstrip(" 23456789") for name in found[:30]} == {"oboe"}


def test_clusters_of_one_name_are_numbered_and_unknown_ones_say_so(groups):
    assert set(cluster_names(groups, ["oboe"] * 60)) >= {"oboe", "oboe 2"}
    assert "unknown" in cluster_names(groups, [None] * 60)


def test_too_few_sounds_have_no_clusters(groups):
    assert cluster_names(groups[:3], ["a", "b", "c"]) == [None] * 3
