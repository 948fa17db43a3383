import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrespace.identification.folds import deal_folds


@given(
    st.lists(st.integers(1, 6), min_size=4, max_size=20),
    st.integers(2, 4),
    st.integers(0, 2**16),
)
@settings(max_examples=50, deadline=None)
def test_groups_stay_whole_and_no_class_lies_in_one_fold(group_sizes, n_folds, seed):
    n_classes = len(group_sizes) // 2
    class_of_group = np.arange(len(group_sizes)) % n_classes  # two groups or more of each class
    groups = np.repeat(np.arange(len(group_sizes)), group_sizes)
    classes = class_of_group[groups]
    folds = deal_folds(classes, groups, n_folds=n_folds, rng=np.random.default_rng(seed))
    assert set(folds) == set(range(n_folds))
    assert all(np.unique(folds[groups == group]).size == 1 for group in groups)
    assert all(np.unique(folds[classes == name]).size > 1 for name in classes)


def test_single_sounds_are_dealt_evenly(rng):
    classes = np.repeat([0, 1], [50, 23])
    folds = deal_folds(classes, np.arange(73), n_folds=5, rng=rng)
    for name in (0, 1):
        counts = np.bincount(folds[classes == name], minlength=5)
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("n_groups", [2, 6])
def test_equal_seeds_give_equal_folds(n_groups):
    classes, groups = np.repeat([0, 1], n_groups), np.arange(2 * n_groups)
    dealt = [deal_folds(classes, groups, n_folds=2, rng=np.random.default_rng(3)) for _ in range(2)]
    np.testing.assert_array_equal(*dealt)
