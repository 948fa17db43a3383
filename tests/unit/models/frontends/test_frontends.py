import math

import numpy as np
import pytest
import torch

from timbrespace.models import CQT, BandEnergy, LogMel, NormedSincNet, SincNet
from timbrespace.models.frontends.scales import mel_spaced_hz

RATE_HZ = 16_000


def tone(frequency_hz, duration_s=0.5, phase=0.0):
    time = torch.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (2 * math.pi * frequency_hz * time + phase).sin()[None]


def midi_hz(note):
    return 440 * 2 ** ((note - 69) / 12)


@pytest.mark.parametrize("note", [28, 69, 100, 118])
def test_cqt_peaks_at_the_note(note):
    frames, _ = CQT(lowest_midi=23.0)(tone(midi_hz(note)))
    assert frames[0, 20].argmax() == note - 23


def test_cqt_finer_than_semitones_peaks_at_the_note():
    frames, _ = CQT(lowest_midi=48.0, n_bands=96, bands_per_octave=24)(tone(midi_hz(60.5)))
    assert frames[0, 20].argmax() == 25


@pytest.mark.parametrize("note", [50, 69, 100])
def test_band_energy_of_midi_bands_is_loudest_around_the_note(note):
    frames, _ = BandEnergy(spacing="midi")(tone(midi_hz(note)))
    loudest = frames[0, 20] > frames[0, 20].max() - 0.5 / 80  # half a decibel
    assert loudest[note]


@pytest.mark.parametrize(
    "frontend",
    [
        BandEnergy(n_bands=40, spacing="mel", level="absolute"),
        LogMel(level="absolute"),
        CQT(level="absolute"),
    ],
)
def test_a_full_scale_sine_reaches_the_top(frontend):
    """0 dB, less what lies between the centres of two mel bands."""
    frames, _ = frontend(tone(midi_hz(69)))
    assert frames[0, 20].max().item() == pytest.approx(1.0, abs=2.5 / 80)


@pytest.mark.parametrize("frontend", [BandEnergy(), LogMel(), CQT()])
def test_relative_levels_ignore_gain(frontend):
    waveform = tone(300.0) * torch.linspace(1, 0.01, 8000)
    torch.testing.assert_close(
        frontend(waveform / 256)[0], frontend(waveform)[0], rtol=0, atol=1e-6
    )


@pytest.mark.parametrize(
    "frontend", [BandEnergy(level="absolute"), LogMel(level="absolute"), CQT(level="absolute")]
)
def test_absolute_levels_follow_gain_in_decibels(frontend):
    loud, quiet = (frontend(gain * tone(440.0))[0] for gain in (1.0, 0.1))
    heard = quiet > 0
    torch.testing.assert_close((loud - quiet)[heard], torch.full((int(heard.sum()),), 20 / 80))


def test_relative_levels_lie_between_silence_and_the_peak():
    frames, _ = LogMel()(tone(440.0))
    assert frames.min() == 0
    assert frames.max() == 1


@pytest.mark.parametrize(
    ("frontend", "least", "most"),
    [(SincNet(spacing="mel"), 1.0, math.inf), (BandEnergy(spacing="mel"), 0.0, 0.01)],
)
@torch.no_grad()
def test_phase_changes_samples_of_the_wave_but_not_energies(frontend, least, most):
    """What the published front end keeps and ours does not."""
    one, other = (frontend(tone(1000.0, phase=phase))[0][0, 20] for phase in (0.0, math.pi / 2))
    assert least <= (one - other).norm() / one.norm() <= most


def test_band_energy_is_that_of_the_filtered_frame(rng):
    """Parseval: the product of power spectra against convolution in time."""
    waveform = torch.from_numpy(rng.standard_normal((1, 2000), dtype=np.float32))
    frontend = BandEnergy(n_bands=20, spacing="mel", level="absolute", floor_db=-200.0)
    half = frontend.n_taps // 2
    mirrored = torch.nn.functional.pad(waveform[None], (half, half), mode="reflect")[0, 0]
    frame = mirrored[5 * frontend.hop_samples :][: frontend.n_taps].double() * frontend.window
    low, high = frontend.cutoffs_hz()
    filters = frontend.filters().double() * (2 * (high - low) / RATE_HZ)[:, None]
    filtered = [np.convolve(frame, taps) for taps in filters.detach().numpy()]
    energies = np.square(filtered).sum(1) * 2 / frontend.window.square().sum().item()
    ours = 10 ** (20 * (frontend(waveform)[0][0, 5].detach().double().numpy() - 1))
    np.testing.assert_allclose(ours, energies, rtol=1e-3)  # 200 dB in float32: 1e-5 of 200 dB


@torch.no_grad()
def test_fixed_and_learnable_cutoffs_filter_alike():
    waveform = tone(500.0)
    fixed, learnable = (SincNet(learnable=learnable)(waveform)[0] for learnable in (False, True))
    assert torch.equal(fixed, learnable)


@pytest.mark.parametrize("frontend", [SincNet(), BandEnergy()])
def test_cutoffs_stay_in_range_wherever_training_takes_them(frontend):
    with torch.no_grad():
        frontend.low_offset_hz.mul_(-1)
        frontend.width_offset_hz.fill_(-1e5)
    low, high = frontend.cutoffs_hz()
    assert low.min() >= 5
    assert high.max() <= RATE_HZ / 2


def test_filters_are_symmetric_with_a_middle_of_one():
    filters = SincNet(n_bands=10).filters()
    torch.testing.assert_close(filters, filters.flip(1))
    assert (filters[:, 400] == 1).all()


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_mel_edges_start_and_end_where_asked(scale):
    edges = mel_spaced_hz(30.0, 8000.0, 50, scale)
    torch.testing.assert_close(edges[[0, -1]], torch.tensor([30.0, 8000.0]))
    assert (edges.diff() > 0).all()


def test_normed_frames_have_mean_0_and_variance_1_in_training_and_their_own_in_use():
    waveform = torch.cat([tone(300.0), 0.1 * tone(2_000.0)])
    plain, normed = SincNet(n_bands=20, spacing="mel"), NormedSincNet(n_bands=20, spacing="mel")
    frames, _ = normed(waveform)
    assert frames.mean().item() == pytest.approx(0, abs=1e-5)
    assert frames.var(unbiased=False).item() == pytest.approx(1, rel=1e-3)
    expected, _ = plain(waveform)
    torch.testing.assert_close(
        normed.eval()(waveform)[0], (expected - 0.1 * expected.mean()) / _running_std(expected)
    )


def _running_std(frames):
    """Of a batch normalisation after one batch, whose momentum is 0.1."""
    return (0.9 + 0.1 * frames.var() + 1e-5).sqrt()
