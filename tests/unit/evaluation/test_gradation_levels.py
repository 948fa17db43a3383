from itertools import combinations

import numpy as np
import pytest

from timbrespace.errors import ConfigError
from timbrespace.evaluation.gradation_levels import LEVELS, level_cosines
from timbrespace.evaluation.vectors import unit_vectors

OF_SOUND = np.repeat([0, 1, 2, 3, 4], [3, 2, 4, 1, 2])
GROUPS = np.array([[0, 0], [0, 0], [1, 0], [2, 1], [3, 1]])  # kind, family


def test_levels_are_the_means_over_pairs_of_instruments(rng):
    unit = unit_vectors(rng.standard_normal((12, 5)))
    expected = {name: [] for name in LEVELS}
    for instrument in (0, 1, 2, 4):  # 3 has a single sound
        sounds = combinations(unit[instrument == OF_SOUND], 2)
        expected[LEVELS[0]].append(np.mean([a @ b for a, b in sounds]))
    for one, other in combinations(range(5), 2):
        same = (GROUPS[one] == GROUPS[other]).sum()  # 2: kind and family, 1: family, 0: none
        cosine = (unit[one == OF_SOUND] @ unit[other == OF_SOUND].T).mean()
        expected[LEVELS[3 - same]].append(cosine)
    found, _ = level_cosines(unit, OF_SOUND, GROUPS)
    assert {name: level.n_pairs for name, level in found.items()} == {
        name: len(cosines) for name, cosines in expected.items()
    }
    for name, level in found.items():
        assert level.cosine == pytest.approx(np.mean(expected[name]))


def graded(rng):
    """Three families of three kinds of three instruments of four sounds, ever nearer."""
    ranks = np.arange(27)
    noise = [rng.standard_normal((n, 64)) for n in (3, 9, 27, 108)]
    centres = noise[0][ranks // 9] + noise[1][ranks // 3] + noise[2]
    vectors = np.repeat(centres, 4, axis=0) + noise[3]
    groups = np.stack([ranks // 3, ranks // 9], axis=1)
    return unit_vectors(vectors), np.repeat(ranks, 4), groups


def test_graded_distances_fall_in_every_draw_inside_their_intervals(rng):
    found, falling = level_cosines(*graded(rng))
    assert falling > 0.99
    assert [level.low < level.cosine < level.high for level in found.values()] == [True] * 4


def test_equal_seeds_give_equal_intervals(rng):
    sounds = graded(rng)
    assert level_cosines(*sounds, seed=3) == level_cosines(*sounds, seed=3)


def test_a_level_without_pairs_is_left_out(rng):
    groups = np.array([[0, 0], [1, 0], [2, 0], [3, 1], [4, 1]])
    found, _ = level_cosines(unit_vectors(rng.standard_normal((12, 5))), OF_SOUND, groups)
    assert list(found) == [LEVELS[0], *LEVELS[2:]]


def test_no_draws_are_refused(rng):
    with pytest.raises(ConfigError, match="at least 1"):
        level_cosines(*graded(rng), n_resamples=0)
