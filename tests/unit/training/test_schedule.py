from itertools import pairwise

import pytest

from timbrespace.errors import ConfigError
from timbrespace.training.schedule import Schedule


def test_rate_rises_then_falls_by_a_constant_factor():
    schedule = Schedule(learning_rate=1e-3, warmup=0.1, final=0.01)
    rates = [schedule.learning_rate_at(step, 1000) for step in range(1001)]
    assert rates[:100] == sorted(rates[:100])
    assert max(rates) == pytest.approx(1e-3)
    factors = [later / earlier for earlier, later in pairwise(rates[100:])]
    assert factors == pytest.approx([0.01 ** (1 / 900)] * 900)
    assert rates[-1] == pytest.approx(1e-5)


def test_a_cosine_falls_slowly_at_both_ends():
    schedule = Schedule(learning_rate=1e-3, warmup=0.1, final=0.01, decay="cosine")
    rates = [schedule.learning_rate_at(step, 1000) for step in range(1001)]
    assert rates[100] == pytest.approx(1e-3)
    assert rates[550] == pytest.approx((1e-3 + 1e-5) / 2)
    assert rates[1000] == pytest.approx(1e-5)
    falls = [earlier - later for earlier, later in pairwise(rates[100:])]
    assert falls[0] < 0.01 * max(falls)
    assert falls[-1] < 0.01 * max(falls)


def test_length_is_epochs_or_steps():
    assert Schedule(epochs=3).total_steps(50) == 150
    assert Schedule(epochs=None, steps=7).total_steps(50) == 7


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": None},
        {"steps": 5},
        {"epochs": 0},
        {"warmup": 1.0},
        {"final": 0.0},
        {"learning_rate": 0.0},
    ],
)
def test_settings_that_cannot_work_are_refused(settings):
    with pytest.raises(ConfigError, match="schedule"):
        Schedule(**settings)
