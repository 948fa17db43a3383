import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.breakdown import group_eers, groups_of
from timbrespace.evaluation.error_rates import eer

CODES = np.repeat([0, 1, 2], 10)


@pytest.fixture
def scores(rng):
    scores = rng.random((30, 3))
    scores[rng.random((30, 3)) < 0.2] = np.nan  # no trial
    return scores


def rate_by_loop(scores, columns):
    """All trials of the columns' enrolments, one by one."""
    target, nontarget = [], []
    for note, code in enumerate(CODES):
        for column in columns:
            if not np.isnan(scores[note, column]):
                (target if code == column else nontarget).append(scores[note, column])
    return eer(target, nontarget)


def test_each_instrument_has_the_rate_of_its_own_column(scores):
    expected = [rate_by_loop(scores, [k]) for k in range(3)]
    assert group_eers(scores, CODES, np.arange(3)).tolist() == expected


def test_a_family_has_the_rate_of_its_enrolments_together(scores):
    expected = [rate_by_loop(scores, [0, 2]), rate_by_loop(scores, [1])]
    assert group_eers(scores, CODES, np.array([0, 1, 0])).tolist() == expected


def test_instruments_without_a_group_are_left_out(scores):
    assert group_eers(scores, CODES, np.array([-1, 0, -1])).tolist() == [rate_by_loop(scores, [1])]
    assert group_eers(scores, CODES, np.array([-1, -1, -1])).size == 0


def test_groups_are_named_in_order():
    names, groups = groups_of(
        ["reed"] * 2 + ["brass"] + [None], np.array([0, 0, 1, 2]), list("abc")
    )
    assert (names, groups.tolist()) == (["brass", "reed"], [1, 0, -1])


def test_an_instrument_in_two_groups_is_named():
    with pytest.raises(InputError, match=r"\['harp'\]"):
        groups_of(["string", "brass", "reed"], np.array([0, 0, 1]), ["harp", "oboe"])


def test_an_instrument_without_trials_has_no_rate(scores):
    scores[CODES == 1, 1] = np.nan
    with pytest.raises(InputError, match="target"):
        group_eers(scores, CODES, np.arange(3))
