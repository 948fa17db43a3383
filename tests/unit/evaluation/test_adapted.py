import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.adapted import judge_adaptation
from timbrespace.training import Adaptation, Recordings


def recordings(rng, n_instruments=8, offset=0.0):
    """Instruments that differ in ten of twenty values; in the others all their sounds spread."""
    names = np.repeat([f"instrument {k}" for k in range(n_instruments)], 20).astype(object)
    means = np.repeat(rng.standard_normal((n_instruments, 20)), 20, axis=0)
    spread = rng.standard_normal((len(names), 20))
    part = np.arange(20) < 10
    return Recordings(np.where(part, means + 0.3 * spread, 3 * spread) + offset, names, [])


def test_held_out_instruments_gain_by_what_is_common(rng):
    rates = judge_adaptation(recordings(rng, offset=5.0), Adaptation(centre=1, spread=0.9))
    assert rates.after < rates.before / 2
    assert (rates.n_instruments, rates.n_halves) == (8, 20)


def test_no_share_leaves_the_rates(rng):
    rates = judge_adaptation(recordings(rng), Adaptation(centre=0, spread=0), n_halves=3)
    assert rates.before == pytest.approx(rates.after)


def test_too_few_instruments_are_refused(rng):
    with pytest.raises(InputError, match="at least 4 instruments with more than 5 sounds, got 3"):
        judge_adaptation(recordings(rng, n_instruments=3), Adaptation())
