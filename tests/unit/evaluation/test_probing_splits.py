import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrespace.evaluation.probing_splits import split_rows


def each_its_own(n):
    return np.arange(n).astype(str)


def shares(classes, rows):
    return {str(name): (classes[rows] == name).sum() for name in np.unique(classes)}


@given(seed=st.integers(0, 2**32), sizes=st.lists(st.integers(10, 60), min_size=2, max_size=4))
@settings(max_examples=30, deadline=None)
def test_a_stratified_split_is_eight_to_one_to_one_in_each_class(seed, sizes):
    classes = np.repeat([f"class {k}" for k in range(len(sizes))], sizes)
    parts = split_rows(classes, each_its_own(classes.size), rng=np.random.default_rng(seed))
    together = np.concatenate(parts)
    assert sorted(together) == list(range(classes.size))
    for part, share in zip(parts, (0.8, 0.1, 0.1), strict=True):
        for name, n in shares(classes, part).items():
            assert n >= 1
            assert abs(n - share * (classes == name).sum()) < 2


def test_no_group_is_parted_and_every_class_is_in_every_part(rng):
    groups = np.repeat(np.arange(20), 13)
    classes = np.array(["bowed", "blown", "struck"])[np.minimum(groups // 4, 2)]
    parts = split_rows(classes, groups.astype(str), rng=rng)
    held = [set(groups[part]) for part in parts]
    assert not held[0] & held[1]
    assert not (held[0] | held[1]) & held[2]
    assert all(set(classes[part]) == {"bowed", "blown", "struck"} for part in parts)
    assert parts.train.size >= 0.6 * groups.size


def test_groups_of_many_classes_are_dealt_too(rng):
    """Instruments that play in several octaves."""
    groups = np.repeat(np.arange(30), 8)
    classes = np.array([f"octave {(k // 8) % 5 + k % 4}" for k in range(groups.size)])
    parts = split_rows(classes, groups.astype(str), rng=rng)
    assert all(set(classes[part]) == set(classes) for part in parts)
    assert parts.train.size == pytest.approx(0.8 * groups.size, rel=0.1)


def test_splits_follow_the_seed():
    classes = np.repeat(["a", "b"], 40)
    first, again, other = (
        split_rows(classes, each_its_own(80), rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.test, again.test)
    assert not np.array_equal(first.test, other.test)
