from dataclasses import fields

import numpy as np
import pytest
import torch

from timbrespace.augment import Augmentation
from timbrespace.errors import ConfigError

EFFECTS = [field.name for field in fields(Augmentation)]


@pytest.fixture
def waveform(rng):
    return torch.from_numpy(rng.standard_normal((6, 8_000)).astype(np.float32))


def changed(augmentation: Augmentation, waveform: torch.Tensor, seed: int = 0) -> torch.Tensor:
    return augmentation(waveform, sample_rate_hz=16_000, rng=np.random.default_rng(seed))


def test_no_effect_changes_nothing(waveform):
    assert torch.equal(changed(Augmentation(), waveform), waveform)


@pytest.mark.parametrize("effect", EFFECTS)
def test_each_effect_changes_its_share_and_is_seeded(waveform, effect):
    before = waveform.clone()
    out = changed(Augmentation(**{effect: 1.0}), waveform)
    assert out.shape == waveform.shape
    assert torch.isfinite(out).all()
    assert not (out == waveform).all(dim=1).any()
    assert torch.equal(waveform, before)
    assert torch.equal(out, changed(Augmentation(**{effect: 1.0}), waveform))
    assert not torch.equal(out, changed(Augmentation(**{effect: 1.0}), waveform, seed=1))
    half = changed(Augmentation(**{effect: 0.5}), waveform.repeat(20, 1))
    share = 1 - (half == waveform.repeat(20, 1)).all(dim=1).float().mean()
    assert 0.3 < float(share) < 0.7


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_out_of_range_is_refused(effect, share):
    with pytest.raises(ConfigError, match=f"augmentation.{effect} must be in"):
        Augmentation(**{effect: share})
