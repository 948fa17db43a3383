import math

import pytest
import torch

from timbrespace.augment.effects import (
    band_limit,
    coded,
    compressed,
    equaliser_db,
    filtered,
    played,
    read_at,
    room_impulse,
    vibrato,
    with_noise,
)

RATE = 16_000


def sine(hz: float, seconds: float = 1.0) -> torch.Tensor:
    return torch.sin(2 * math.pi * hz * torch.arange(round(seconds * RATE)) / RATE)[None]


def peak_hz(waveform: torch.Tensor) -> float:
    spectrum = torch.fft.rfft(waveform[0] * torch.hann_window(waveform.shape[1])).abs()
    return float(spectrum.argmax() * RATE / waveform.shape[1])


def db(ratio: torch.Tensor) -> float:
    return float(20 * ratio.log10())


def test_a_flat_gain_and_no_room_change_nothing():
    waveform = torch.randn(2, 1_000, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(filtered(waveform, torch.ones(2, 9)), waveform, atol=1e-6, rtol=0)


def test_a_gain_acts_at_its_frequency():
    gain = torch.linspace(0, 1, 513)[None]
    for hz, expected in [(2_000, 0.25), (4_000, 0.5)]:
        inner = filtered(sine(hz), gain)[0, 4_000:12_000]
        assert float(inner.abs().max()) == pytest.approx(expected, rel=0.01)


def test_an_impulse_response_is_a_convolution():
    waveform = torch.randn(1, 300, generator=torch.Generator().manual_seed(0))
    impulse = torch.randn(1, 50, generator=torch.Generator().manual_seed(1))
    padded = torch.nn.functional.pad(waveform, (49, 0))[None]
    expected = torch.nn.functional.conv1d(padded, impulse.flip(1)[None])[0]
    ours = filtered(waveform, torch.ones(1, 2), impulse)
    torch.testing.assert_close(ours, expected, atol=1e-4, rtol=0)


def test_a_bell_has_its_gain_at_its_centre_and_fades():
    hz = torch.tensor([1_000.0, 2_000.0, 16_000.0])
    gain = equaliser_db(hz, torch.zeros(1), torch.tensor([[[6.0, 1.0, 0.5]]]))
    assert gain[0, 1] == pytest.approx(6.0)
    assert gain[0, 0] == pytest.approx(6 * math.exp(-2))
    assert abs(gain[0, 2]) < 0.01


def test_a_band_limit_is_3_db_down_at_its_ends():
    gain = band_limit(
        torch.tensor([100.0, 700.0, 4_000.0]), torch.tensor([100.0]), torch.tensor([4e3])
    )
    assert db(gain[0, 0]) == pytest.approx(-3.01, abs=0.02)
    assert db(gain[0, 1]) == pytest.approx(0, abs=0.02)
    assert db(gain[0, 2]) == pytest.approx(-3.01, abs=0.02)


def test_a_room_has_its_energy_and_its_decay():
    noise = torch.randn(1, RATE, generator=torch.Generator().manual_seed(0))
    impulse = room_impulse(noise, torch.tensor([0.5]), torch.tensor([-6.0]), RATE)
    tail = impulse[0, 1:]
    assert impulse[0, 0] == 1
    assert db(tail.norm()) == pytest.approx(-6, abs=0.01)
    early, late = tail[:800].norm(), tail[4_000:4_800].norm()  # 0.25 s apart: half of 60 dB
    assert db(early / late) == pytest.approx(30, abs=1)


def test_noise_has_its_level_and_its_colour():
    waveform = sine(440)
    white = torch.randn(1, RATE, generator=torch.Generator().manual_seed(0))
    added = with_noise(waveform, white, torch.tensor([2.0]), torch.tensor([20.0])) - waveform
    assert db(waveform.norm() / added.norm()) == pytest.approx(20, abs=0.01)
    power = torch.fft.rfft(added[0]).abs().square()
    assert float(10 * (power[100:200].mean() / power[1_000:2_000].mean()).log10()) == pytest.approx(
        20, abs=1.5
    )


def test_a_compressor_lessens_the_range():
    waveform = sine(440, 2.0) * torch.cat([torch.ones(RATE), 0.1 * torch.ones(RATE)])
    out = compressed(waveform, torch.tensor([0.5]), 320)
    loud, quiet = out[0, 4_000:12_000].norm(), out[0, 20_000:28_000].norm()
    assert db(loud / quiet) == pytest.approx(10, abs=0.2)


def test_a_codec_drops_what_is_far_below():
    mixed = sine(500) + 0.001 * sine(5_000)
    power = torch.fft.rfft(coded(mixed, torch.tensor([40.0]))[0, 2_048:14_048]).abs()
    before = torch.fft.rfft(mixed[0, 2_048:14_048]).abs()
    assert power[3_750] < 0.05 * before[3_750]
    assert power[375] == pytest.approx(float(before[375]), rel=0.01)


def test_reading_between_samples_follows_a_sine():
    waveform = sine(440)
    position = torch.arange(10, 15_000, 0.7)[None]
    expected = torch.sin(2 * math.pi * 440 * position / RATE)
    torch.testing.assert_close(read_at(waveform, position), expected, atol=1e-3, rtol=0)


def test_vibrato_moves_the_pitch_by_its_speed_and_depth():
    still = torch.zeros(1)
    faster = vibrato(sine(400), torch.tensor([1.05]), torch.tensor([5.0]), still, still, RATE)
    assert peak_hz(faster[:, :15_000]) == pytest.approx(420, abs=1.5)
    swung = vibrato(
        sine(400), torch.ones(1), torch.tensor([5.0]), torch.tensor([0.03]), still, RATE
    )
    crossings = (swung[0, :-1] <= 0) & (swung[0, 1:] > 0)
    periods = torch.nonzero(crossings)[:, 0].diff()
    assert RATE / float(periods.min()) == pytest.approx(412, abs=12)
    assert RATE / float(periods.max()) == pytest.approx(388, abs=12)


def test_playing_swells_and_starts_softly():
    ones = torch.ones(1, 1_001)
    out = played(ones, torch.tensor([[0.0, -20.0]]), torch.tensor([100.0]))
    assert out[0, 0] == pytest.approx(0.01, rel=0.01)
    assert out[0, 500] == pytest.approx(10**-0.5, rel=0.01)
    assert out[0, -1] == pytest.approx(0.1, rel=0.01)


def test_silence_stays_finite():
    silence = torch.zeros(1, 4_000)
    one = torch.ones(1)
    for out in (
        compressed(silence, 0.5 * one, 320),
        coded(silence, 30 * one),
        with_noise(silence, silence, one, 20 * one),
    ):
        assert torch.equal(out, silence)
