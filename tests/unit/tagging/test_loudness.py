import numpy as np
import pytest
import torch

from timbrespace.audio import loudness
from timbrespace.tagging.loudness import at_loudness, loudness_lufs


@pytest.mark.parametrize("hz", [60, 440, 5_000])
def test_loudness_is_that_of_the_standard(hz):
    wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(64_000) / 16_000)
    ours = float(loudness_lufs(torch.from_numpy(wave[None]).float(), 16_000))
    assert ours == pytest.approx(loudness.loudness_lufs(wave, 16_000), abs=0.05)  # edges, gates


def test_every_item_comes_out_alike_whatever_its_level_and_length(rng):
    noise = torch.from_numpy(rng.standard_normal((3, 16_000))).float()
    noise = noise * torch.tensor([[1.0], [0.01], [0.1]])
    noise[2, 8_000:] = 0
    n_samples = torch.tensor([16_000, 16_000, 8_000])
    same = at_loudness(noise, 16_000, n_samples, lufs=-12.0)
    measured = loudness_lufs(same, 16_000, n_samples)
    torch.testing.assert_close(measured, torch.full((3,), -12.0), rtol=0, atol=1e-3)


def test_silence_stays_silent():
    assert not at_loudness(torch.zeros(1, 16_000), 16_000, lufs=-12.0).any()
