import numpy as np
import pytest
import torch

from timbrespace.augment.pitch import pitch_shifted, stretched

RATE = 16_000


def sine(hz, seconds=1.0):
    return torch.sin(2 * np.pi * hz * torch.arange(round(seconds * RATE)) / RATE)


def loudest_hz(waveform):
    middle = waveform[..., RATE // 4 : -RATE // 4]
    spectrum = torch.fft.rfft(middle * torch.hann_window(middle.shape[-1]), 8 * RATE)
    return spectrum.abs().argmax(-1) / 8


def test_each_item_is_shifted_by_its_own_factor_and_keeps_its_length():
    wave = torch.stack([sine(440), sine(440), sine(1_000)])
    factor = torch.tensor([1.0, 2 ** (2 / 12), 2 ** (-2 / 12)])
    shifted = pitch_shifted(wave, factor)
    assert shifted.shape == wave.shape
    expected = torch.tensor([440.0, 440.0, 1_000.0]) * factor
    # a thirtieth of a semitone
    torch.testing.assert_close(loudest_hz(shifted), expected, rtol=2e-3, atol=0)
    level = shifted[:, 2_000:-2_000].square().mean(1)
    torch.testing.assert_close(level, torch.full((3,), 0.5), rtol=0.1, atol=0)


def test_stretching_keeps_the_pitch():
    longer = stretched(sine(440)[None], torch.tensor([1.2]))
    assert longer.shape == (1, round(1.2 * RATE))
    assert float(loudest_hz(longer)) == pytest.approx(440, rel=2e-3)


def test_silence_stays_silent():
    assert not pitch_shifted(torch.zeros(1, RATE), torch.tensor([1.1])).any()
