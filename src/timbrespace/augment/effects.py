"""What a recording does to a sound, and a player to a note: effects that keep the instrument.

Comes in: a batch of waveforms and, for each item, the effect's parameters. Goes out: a batch of the
same shape. Levels are free: an effect may change an item's peak. All of it runs on the waveform's
device; `augmentation` draws the parameters.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_QUIETEST = 1e-5


def filtered(waveform: Tensor, gain: Tensor, impulse: Tensor | None = None) -> Tensor:
    """Multiply the spectrum, and convolve with an impulse response.

    Args:
        waveform: (batch, samples).
        gain: factor of each frequency from 0 to half the sample rate, equally spaced, applied
            without a phase; (batch, points).
        impulse: response that starts with the direct sound; (batch, taps). None for none.

    Returns:
        (batch, samples); what rings on past the end is cut off.

    Example:
        >>> filtered(torch.tensor([[1.0, 0.0, 0.0]]), torch.ones(1, 5), torch.tensor([[1.0, 0.5]]))
        tensor([[1.0000, 0.5000, 0.0000]])
    """
    n_samples = waveform.shape[1]
    n_fft = 2 ** math.ceil(math.log2(n_samples + (0 if impulse is None else impulse.shape[1])))
    spectrum = torch.fft.rfft(waveform, n_fft)
    curve = nn.functional.interpolate(
        gain[:, None], n_fft // 2 + 1, mode="linear", align_corners=True
    )
    spectrum = spectrum * curve[:, 0]
    if impulse is not None:
        spectrum = spectrum * torch.fft.rfft(impulse, n_fft)
    result: Tensor = torch.fft.irfft(spectrum, n_fft)[:, :n_samples].clone()
    return result


def equaliser_db(hz: Tensor, tilt_db: Tensor, bells: Tensor) -> Tensor:
    """Gain of a smooth equaliser; (batch, frequencies) in dB.

    Args:
        hz: frequencies; (frequencies,).
        tilt_db: rise per octave, 0 at 1 kHz; (batch,).
        bells: gain in dB, centre in octaves above 1 kHz and width in octaves of each bell; (batch,
            bells, 3).

    Example:
        >>> equaliser_db(torch.tensor([500.0, 1000.0]), torch.tensor([6.0]), torch.zeros(1, 0, 3))
        tensor([[-6.,  0.]])
    """
    octave = (hz.clamp(min=20.0) / 1000).log2()
    peak, centre, width = bells.unbind(-1)
    distance = (octave - centre[..., None]) / width[..., None]
    curves = peak[..., None] * (-0.5 * distance.square()).exp()
    return tilt_db[:, None] * octave + curves.sum(1)


def band_limit(hz: Tensor, low_hz: Tensor, high_hz: Tensor, order: int = 4) -> Tensor:
    """Gain of a Butterworth high-pass and low-pass; (batch, frequencies).

    Args:
        hz: frequencies; (frequencies,).
        low_hz: where the high-pass is 3 dB down; (batch,). 0 for none.
        high_hz: where the low-pass is; (batch,).
        order: of both.
    """
    hz = hz.clamp(min=1.0)
    low = 1 + (low_hz[:, None] / hz) ** (2 * order)
    high = 1 + (hz / high_hz[:, None]) ** (2 * order)
    return (low * high).rsqrt()


def room_impulse(noise: Tensor, decay_s: Tensor, wet_db: Tensor, sample_rate_hz: int) -> Tensor:
    """A direct sound followed by exponentially decaying noise; (batch, taps).

    Args:
        noise: white; (batch, taps).
        decay_s: time in which the noise falls by 60 dB; (batch,).
        wet_db: energy of the noise over that of the direct sound; (batch,).
        sample_rate_hz: rate.
    """
    time_s = torch.arange(noise.shape[1], device=noise.device) / sample_rate_hz
    tail = noise * 10 ** (-3 * time_s / decay_s[:, None])
    tail[:, 0] = 0
    tail = tail * (10 ** (wet_db / 20) / tail.norm(dim=1).clamp(min=_QUIETEST))[:, None]
    direct = torch.zeros_like(tail)
    direct[:, 0] = 1
    impulse: Tensor = direct + tail
    return impulse


def with_noise(waveform: Tensor, noise: Tensor, slope: Tensor, snr_db: Tensor) -> Tensor:
    """Add stationary noise; (batch, samples).

    Args:
        waveform: (batch, samples).
        noise: white; (batch, samples).
        slope: power falls as frequency to this power: 0 white, 1 pink, 2 brown; (batch,).
        snr_db: energy of the item over that of its noise; (batch,).
    """
    spectrum = torch.fft.rfft(noise)
    bins = torch.arange(1, spectrum.shape[1] + 1, device=noise.device)
    coloured = torch.fft.irfft(spectrum * bins ** (-slope[:, None] / 2), noise.shape[1])
    wanted = waveform.norm(dim=1) * 10 ** (-snr_db / 20)
    factor = wanted / coloured.norm(dim=1).clamp(min=_QUIETEST)
    noisy: Tensor = waveform + factor[:, None] * coloured
    return noisy


def compressed(waveform: Tensor, strength: Tensor, window_samples: int) -> Tensor:
    """Raise quiet parts: the envelope becomes its power of 1 - strength; (batch, samples).

    Args:
        waveform: (batch, samples).
        strength: 0 leaves the waveform, 1 would flatten its envelope; (batch,).
        window_samples: over which the envelope is the mean magnitude.
    """
    n_samples = waveform.shape[1]
    envelope = nn.functional.avg_pool1d(
        waveform.abs()[:, None], window_samples, window_samples // 2, window_samples // 2
    )
    envelope = nn.functional.interpolate(envelope, n_samples, mode="linear")[:, 0]
    peak = envelope.amax(1, keepdim=True).clamp(min=_QUIETEST)
    relative = (envelope / peak).clamp(min=1e-3)
    louder: Tensor = waveform * relative ** -strength[:, None]
    return louder


def coded(waveform: Tensor, depth_db: Tensor, fft_samples: int = 1024) -> Tensor:
    """Drop what is far below each frame's loudest bin, as a lossy codec does; (batch, samples).

    Args:
        waveform: (batch, samples), at least `fft_samples`.
        depth_db: how far below; (batch,).
        fft_samples: length of a frame.
    """
    window = torch.hann_window(fft_samples, device=waveform.device)
    spectrum = torch.stft(
        waveform, fft_samples, fft_samples // 4, window=window, return_complex=True
    )
    power = spectrum.real.square() + spectrum.imag.square()
    floor = power.amax(1, keepdim=True) * 10 ** (-depth_db / 10)[:, None, None]
    spectrum = spectrum * (power >= floor)
    result: Tensor = torch.istft(
        spectrum, fft_samples, fft_samples // 4, window=window, length=waveform.shape[1]
    )
    return result


def read_at(waveform: Tensor, position: Tensor) -> Tensor:
    """The waveform between its samples, by cubic interpolation; (batch, positions).

    Args:
        waveform: (batch, samples), at least 4.
        position: in samples, held to what the waveform has; (batch, positions).

    Example:
        >>> read_at(torch.arange(6.0)[None], torch.tensor([[1.0, 1.5, 2.25]]))
        tensor([[1.0000, 1.5000, 2.2500]])
    """
    n_samples = waveform.shape[1]
    position = position.clamp(1, n_samples - 3)
    start = position.floor().long()
    part = position - start
    before, left, right, after = (waveform.gather(1, start + step) for step in (-1, 0, 1, 2))
    slope_left, slope_right = (right - before) / 2, (after - left) / 2
    rise = right - left
    cubic = slope_left + slope_right - 2 * rise
    square = 3 * rise - 2 * slope_left - slope_right
    return ((cubic * part + square) * part + slope_left) * part + left


def vibrato(
    waveform: Tensor, speed: Tensor, rate_hz: Tensor, depth: Tensor, phase: Tensor, rate: int
) -> Tensor:
    """Play faster or slower, with a pitch that swings; (batch, samples).

    Args:
        waveform: (batch, samples).
        speed: factor of pitch and tempo; (batch,).
        rate_hz: swings in a second; (batch,).
        depth: largest part by which the pitch swings up and down, as 0.03; (batch,).
        phase: of the swing at the start, in radians; (batch,).
        rate: sample rate in Hz.
    """
    time = torch.arange(waveform.shape[1], device=waveform.device, dtype=torch.float32)
    angular = 2 * math.pi * rate_hz / rate
    swing = (depth / angular)[:, None] * torch.sin(angular[:, None] * time + phase[:, None])
    start = (depth / angular) * torch.sin(phase)
    return read_at(waveform, speed[:, None] * time + swing - start[:, None])


def played(waveform: Tensor, knots_db: Tensor, attack_samples: Tensor) -> Tensor:
    """Swell, fade and start softly; (batch, samples).

    Args:
        waveform: (batch, samples).
        knots_db: gain at equally spaced times from start to end; (batch, knots).
        attack_samples: over which the start fades in; (batch,), at least 1.
    """
    n_samples = waveform.shape[1]
    gain_db = nn.functional.interpolate(
        knots_db[:, None], n_samples, mode="linear", align_corners=True
    )[:, 0]
    time = torch.arange(1, n_samples + 1, device=waveform.device)
    fade = (time / attack_samples[:, None]).clamp(max=1.0)
    return waveform * 10 ** (gain_db / 20) * fade


def echoed(waveform: Tensor, delay_samples: Tensor, gain: Tensor) -> Tensor:
    """Add one echo; (batch, samples).

    Args:
        waveform: (batch, samples).
        delay_samples: how much later the echo comes; (batch,) int64.
        gain: of the echo; (batch,).

    Example:
        >>> echoed(torch.tensor([[4.0, 0.0, 1.0]]), torch.tensor([1]), torch.tensor([0.5]))
        tensor([[4., 2., 1.]])
    """
    place = torch.arange(waveform.shape[1], device=waveform.device) - delay_samples[:, None]
    echo = waveform.gather(1, place.clamp(min=0)) * (place >= 0)
    return waveform + gain[:, None] * echo
