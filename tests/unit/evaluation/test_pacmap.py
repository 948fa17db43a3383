import sys

import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError, MissingDependencyError
from timbrespace.evaluation.projection import project


@pytest.fixture
def clusters(rng):
    """Three groups of twenty directions, far apart."""
    return np.repeat(np.eye(8)[:3], 20, axis=0) + 0.05 * rng.standard_normal((60, 8))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_groups_stay_apart_and_a_seed_gives_one_map(clusters, dimensions):
    shares = []
    first = project(
        clusters, method="pacmap", dimensions=dimensions, seed=3, on_progress=shares.append
    )
    again = project(clusters, method="pacmap", dimensions=dimensions, seed=3)
    np.testing.assert_array_equal(first, again)
    groups = first.reshape(3, 20, dimensions)
    centres = groups.mean(axis=1)
    radius = np.linalg.norm(groups - centres[:, None], axis=-1).mean()
    gaps = np.linalg.norm(centres[:, None] - centres, axis=-1)[np.triu_indices(3, 1)]
    assert gaps.min() > 2 * radius
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_nothing_of_its_reports_is_printed(clusters, capsys):
    project(clusters, method="pacmap")
    assert capsys.readouterr() == ("", "")


def test_eight_sounds_are_enough_and_seven_are_not(clusters):
    assert np.isfinite(project(clusters[::8], method="pacmap", dimensions=3)).all()
    with pytest.raises(InputError, match="at least 8 sounds"):
        project(clusters[::9], method="pacmap")
    with pytest.raises(ConfigError, match="neighbours must be from 1 to 2"):
        project(clusters[::8], method="pacmap", neighbours=3)


def test_what_is_missing_is_said(clusters, monkeypatch):
    monkeypatch.setitem(sys.modules, "pacmap", None)
    with pytest.raises(MissingDependencyError, match=r"timbrespace\[explorer\]"):
        project(clusters, method="pacmap")
