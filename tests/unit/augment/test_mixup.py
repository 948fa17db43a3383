import numpy as np
import pytest
import torch

from timbrespace.augment import Augmentation, Mixup
from timbrespace.errors import ConfigError

WAVE = torch.arange(12.0).reshape(4, 3)


def test_each_example_is_mixed_with_its_partner():
    mixed = Mixup(probability=1.0)(WAVE, np.random.default_rng(0))
    expected = mixed.share * WAVE + (1 - mixed.share) * WAVE[mixed.partner]
    torch.testing.assert_close(mixed.waveform, expected)
    assert sorted(mixed.partner.tolist()) == [0, 1, 2, 3]


def test_nothing_is_mixed_without_it_and_the_seed_decides():
    plain = Mixup()(WAVE, np.random.default_rng(0))
    assert plain.waveform is WAVE
    assert plain.share == 1
    again = [Mixup(probability=1.0)(WAVE, np.random.default_rng(5)).waveform for _ in range(2)]
    assert torch.equal(*again)


def test_about_as_many_batches_are_mixed_as_asked_for():
    rng = np.random.default_rng(0)
    shares = [Mixup(probability=0.5)(WAVE, rng).share for _ in range(400)]
    assert 160 < sum(share < 1 for share in shares) < 240


@pytest.mark.parametrize("settings", [{"probability": 1.5}, {"alpha": 0.0}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match="mixup needs"):
        Mixup(**settings)


def test_newer_effects_leave_what_older_ones_draw():
    """Runs that were begun before go on as they would have."""
    wave = 0.1 * torch.randn(6, 16_000, generator=torch.Generator().manual_seed(0))
    older = {"noise": 0.5, "equaliser": 0.5}
    newer = Augmentation(**older, delay=0.2, gain=0.2, pitch_shift=0.2)
    one, other = (
        effects(wave, sample_rate_hz=16_000, rng=np.random.default_rng(3))
        for effects in (Augmentation(**older), newer)
    )
    same = [bool(torch.equal(a, b)) for a, b in zip(one, other, strict=True)]
    assert any(same)
    assert not all(same)
