import math

import librosa
import numpy as np
import pytest
import torch

from timbrespace.errors import ConfigError
from timbrespace.models import PCEN, Encoder, ResNet, Statistics
from timbrespace.models.config import encoder_config, encoder_from_config
from timbrespace.models.frontends.pcen import smoothed

RATE_HZ = 16_000


def decaying_noise(rng, duration_s):
    """Noise over 90 dB, so that quiet frames follow loud ones."""
    n_samples = round(duration_s * RATE_HZ)
    gain = 10 ** torch.linspace(0, -4.5, n_samples)
    return gain * 0.3 * torch.from_numpy(rng.standard_normal((1, n_samples), dtype=np.float32))


@pytest.mark.parametrize(
    ("duration_s", "time_constant_s"), [(0.012, 0.4), (1.0, 0.06), (10.0, 0.4), (10.0, 0.01)]
)
@torch.no_grad()
def test_pcen_agrees_with_librosa(rng, duration_s, time_constant_s):
    frontend = PCEN(n_bands=40, time_constants_s=[time_constant_s], alpha=0.8, r=0.25)
    waveform = decaying_noise(rng, duration_s)
    power = frontend.power(waveform)[0][0].T.double().numpy()  # (bands, frames)
    s = -math.expm1(-frontend.hop_samples / RATE_HZ / time_constant_s)
    theirs = librosa.pcen(
        power,
        sr=RATE_HZ,
        hop_length=frontend.hop_samples,
        gain=0.8,
        bias=2.0,
        power=0.25,
        b=s,
        eps=1e-6,
        zi=(1 - s) * power[:, :1],  # ours starts in the first frame, theirs by default in 1
    )
    ours, _ = frontend(waveform)
    # of values of order 1; float32
    np.testing.assert_allclose(ours[0].T, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("n_frames", [1, 2, 63, 64, 65, 700])
def test_smoothing_is_the_recursion(rng, n_frames):
    power = torch.from_numpy(10 ** rng.uniform(-8, 0, (2, n_frames, 3)))
    expected = [power[:, 0]]
    for t in range(1, n_frames):
        expected.append(0.9 * expected[-1] + 0.1 * power[:, t])
    torch.testing.assert_close(smoothed(power, -math.log(0.9)), torch.stack(expected, 1))


@torch.no_grad()
def test_a_band_may_choose_among_the_smoothers(rng):
    waveform = decaying_noise(rng, 0.5)
    both = PCEN(n_bands=20, time_constants_s=[0.06, 0.4])
    both.mix_logits[:] = torch.tensor([-50.0, 50.0])
    slow, fast = (PCEN(n_bands=20, time_constants_s=[constant]) for constant in (0.4, 0.06))
    torch.testing.assert_close(both(waveform)[0], slow(waveform)[0])
    assert not torch.allclose(both(waveform)[0], fast(waveform)[0])


@torch.no_grad()
def test_gain_nearly_cancels(rng):
    """A tenth of the amplitude is a hundredth of the power, to the power 1 - alpha: 0.95."""
    waveform = decaying_noise(rng, 0.1)
    frontend = PCEN(n_bands=20, alpha=0.99, r=0.5, epsilon=1e-12)
    ratio = frontend(0.1 * waveform)[0] / frontend(waveform)[0]
    assert ratio.min() > 0.95
    assert ratio.max() < 1


@torch.no_grad()
def test_onsets_stand_out_of_what_is_steady():
    wave = (2 * math.pi * 440 * torch.arange(RATE_HZ) / RATE_HZ).sin()
    frames, _ = PCEN(n_bands=40)(torch.cat([torch.zeros(RATE_HZ // 2), wave])[None])
    band = frames[0, :, frames[0, -10].argmax()]
    assert band[:30].max() == 0
    assert 35 < band.argmax() < 45  # frame 42 is at half a second
    assert band.max() > 2 * band[-10]


@torch.no_grad()
def test_the_past_does_not_hear_the_future(rng):
    waveform = decaying_noise(rng, 1.0)
    changed = torch.cat([waveform[:, :8000], torch.zeros(1, 8000)], 1)
    frontend = PCEN(n_bands=20)
    before = (8000 - 512) // frontend.hop_samples
    assert torch.equal(frontend(changed)[0][:, :before], frontend(waveform)[0][:, :before])


def test_silence_gives_zero_and_finite_gradients():
    frontend = PCEN(n_bands=20)
    frames, _ = frontend(torch.zeros(1, 8000))
    frames.sum().backward()
    assert (frames == 0).all()
    assert all(parameter.grad.isfinite().all() for parameter in frontend.parameters())


@pytest.mark.parametrize("value", [-30.0, 30.0])
@torch.no_grad()
def test_frames_stay_finite_wherever_training_takes_the_exponents(rng, value):
    frontend = PCEN(n_bands=20)
    frontend.alpha_logit.fill_(value)
    frontend.r_logit.fill_(-value)
    frontend.mix_logits.fill_(value)
    frames, _ = frontend(decaying_noise(rng, 0.5))
    assert frames.isfinite().all()
    assert frames.min() >= 0


def test_fixed_normalisation_learns_nothing():
    assert not any(parameter.requires_grad for parameter in PCEN(learnable=False).parameters())


@pytest.mark.parametrize("constants", ["0.4", [[0.4]], [0.1] * 9, [-1.0]])
def test_its_settings_are_shared_and_refused_where_they_do_not_fit(constants):
    frontend = PCEN(n_bands=20, time_constants_s=[0.1, 1.0], alpha=0.5)
    encoder = Encoder(frontend, ResNet(blocks=[1], channels=[16]), Statistics(n_features=16))
    config = encoder_config(encoder)
    assert encoder_from_config(config).frontend.settings() == frontend.settings()
    config["frontend"]["init_args"]["time_constants_s"] = constants
    with pytest.raises(ConfigError, match="time_constants_s"):
        encoder_from_config(config)
