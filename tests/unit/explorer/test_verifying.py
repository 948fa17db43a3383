import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation import verify
from timbrespace.explorer.verifying import threshold_at_eer


@pytest.fixture
def labelled(rng):
    centres = np.repeat(rng.standard_normal((4, 16)), 20, axis=0)
    return centres + 0.6 * rng.standard_normal((80, 16)), np.repeat(list("abcd"), 20).tolist()


def test_the_error_rate_is_near_that_of_verification(labelled):
    vectors, instruments = labelled
    found = threshold_at_eer(vectors, instruments, n_enrolled=3)
    whole = verify(vectors, instruments, enrolment_notes=3, repeats=10)
    assert found.eer == pytest.approx(whole.eer, abs=0.05)  # one draw against the mean of ten
    assert found.n_instruments == 4


def test_sounds_without_a_label_do_not_count(labelled, rng):
    vectors, instruments = labelled
    more = np.concatenate([vectors, rng.standard_normal((30, 16))])
    found = threshold_at_eer(more, [*instruments, *[None] * 30], n_enrolled=3)
    assert found == threshold_at_eer(vectors, instruments, n_enrolled=3)


@pytest.mark.parametrize("labels", [["a"] * 80, [None] * 80, list(map(str, range(80)))])
def test_too_few_instruments_are_an_error(labelled, labels):
    with pytest.raises(InputError, match="2 labelled instruments of 4 sounds"):
        threshold_at_eer(labelled[0], labels, n_enrolled=3)
