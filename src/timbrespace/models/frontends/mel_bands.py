"""What the front ends with mel bands share: the power in each band over time.

Frames are centred, the first on the first sample, with the waveform mirrored at its ends. Band
powers are scaled so that a full-scale sine gives about 1 in the band whose centre it meets.
"""

from __future__ import annotations

import torch
from torch import Tensor

from timbrespace.errors import ConfigError
from timbrespace.models.base import Frontend
from timbrespace.models.checks import check_positive
from timbrespace.models.frontends.levels import power_spectrum
from timbrespace.models.frontends.scales import MelScale, mel_spaced_hz
from timbrespace.models.lengths import centred


class MelBands(Frontend):
    """Power of a short-time Fourier transform in mel bands.

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: mel bands.
        fft_samples: length of a frame, windowed by Hann.
        hop_samples: from one frame to the next.
        min_hz: where the lowest band starts.
        max_hz: where the highest band ends; at most half the sample rate.
        mel_scale: "slaney" (linear up to 1 kHz) or "htk".

    Raises:
        ConfigError: a number is out of range, or the bands are so many that one holds no bin.
    """

    window: Tensor
    bands: Tensor

    def __init__(
        self,
        *,
        sample_rate_hz: int = 16_000,
        n_bands: int = 80,
        fft_samples: int = 1024,
        hop_samples: int = 192,
        min_hz: float = 30.0,
        max_hz: float = 8_000.0,
        mel_scale: MelScale = "slaney",
    ) -> None:
        super().__init__()
        check_positive(n_bands=n_bands, fft_samples=fft_samples, hop_samples=hop_samples)
        self.sample_rate_hz = sample_rate_hz
        self.n_bands = n_bands
        self.fft_samples = fft_samples
        self.hop_samples = hop_samples
        self.min_hz = min_hz
        self.max_hz = max_hz
        self.mel_scale: MelScale = mel_scale
        if max_hz > sample_rate_hz / 2:
            raise ConfigError(
                f"max_hz must be at most half the sample rate, {sample_rate_hz / 2:g}, "
                f"got {max_hz:g}."
            )
        edges_hz = mel_spaced_hz(min_hz, max_hz, n_bands + 2, mel_scale)
        bins_hz = torch.fft.rfftfreq(fft_samples, 1 / sample_rate_hz)
        window = torch.hann_window(fft_samples)
        self.register_buffer("window", 2 * window / window.sum(), persistent=False)
        self.register_buffer("bands", triangles(edges_hz, bins_hz), persistent=False)

    def power(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Powers (batch, frames, n_bands), >= 0, and the counts of frames."""
        padded, n_frames = centred(
            waveform, n_samples, frame_samples=self.fft_samples, hop_samples=self.hop_samples
        )
        frames = padded.unfold(1, self.fft_samples, self.hop_samples)
        return power_spectrum(frames * self.window, self.fft_samples) @ self.bands, n_frames


def triangles(edges_hz: Tensor, bins_hz: Tensor) -> Tensor:
    """Triangular bands of height 1, each from its lower neighbour's centre to its upper one's.

    Args:
        edges_hz: start of the first band, every centre, end of the last; (bands + 2,), rising.
        bins_hz: where to take their values; (bins,).

    Returns:
        (bins, bands).

    Raises:
        ConfigError: a band lies between two bins.

    Example:
        >>> triangles(torch.tensor([0.0, 2.0, 4.0]), torch.arange(5.0)).T
        tensor([[0.0000, 0.5000, 1.0000, 0.5000, 0.0000]])
    """
    low, centre, high = edges_hz[:-2], edges_hz[1:-1], edges_hz[2:]
    rise = (bins_hz[:, None] - low) / (centre - low)
    fall = (high - bins_hz[:, None]) / (high - centre)
    weights = torch.minimum(rise, fall).clamp(min=0.0)
    empty = int((weights.sum(0) == 0).sum())
    if empty:
        raise ConfigError(
            f"{empty} of {weights.shape[1]} mel bands hold no bin of the Fourier transform; "
            "lower n_bands or raise fft_samples."
        )
    return weights
