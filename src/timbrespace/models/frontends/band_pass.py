"""What the front ends with learnable band-pass filters share: the filters.

Goes out: filters (bands, taps) in float32, whatever precision the rest computes in: bfloat16
cannot hold the phase of a sine after a few periods. Each filter is the difference of two low-pass
sincs under a Hamming window, symmetric about its middle tap.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.base import Frontend
from timbrespace.models.checks import check_positive
from timbrespace.models.frontends.scales import mel_spaced_hz, midi_to_hz

Spacing = Literal["mel", "midi"]


class BandPass(Frontend):
    """Band-pass filters from learnable cut-offs.

    low = min_hz + |low_offset_hz|
    high = min(low + min_band_hz + |width_offset_hz|, half the sample rate)

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: filters; 80 or 122 as published.
        spacing: how the bands lie before training. "mel": side by side, equal on the mel scale;
            "midi": band k around MIDI note k, from the note below it to the note above.
        kernel_s: length of a filter, made an odd number of taps.
        hop_s: from one frame to the next.
        min_hz: lowest cut-off.
        min_band_hz: narrowest band.
        learnable: False keeps the cut-offs as they are.

    Raises:
        ConfigError: a number is not above 0, the kernel or the hop is too short, or the sample
            rate leaves no room for the minima.

    Source: Ravanelli and Bengio 2018, arXiv:1808.00158; spacings and minima of Shi et al. 2022,
    doi:10.1109/TASLP.2022.3140549.
    """

    radians_per_hz: Tensor
    taper: Tensor

    def __init__(
        self,
        *,
        sample_rate_hz: int = 16_000,
        n_bands: int = 122,
        spacing: Spacing = "midi",
        kernel_s: float = 0.05,
        hop_s: float = 0.012,
        min_hz: float = 5.0,
        min_band_hz: float = 5.0,
        learnable: bool = True,
    ) -> None:
        super().__init__()
        check_positive(n_bands=n_bands, min_hz=min_hz, min_band_hz=min_band_hz)
        self.sample_rate_hz = sample_rate_hz
        self.n_bands = n_bands
        self.spacing: Spacing = spacing
        self.kernel_s = kernel_s
        self.hop_s = hop_s
        self.min_hz = min_hz
        self.min_band_hz = min_band_hz
        self.learnable = learnable
        self.n_taps = round(kernel_s * sample_rate_hz) // 2 * 2 + 1
        self.hop_samples = round(hop_s * sample_rate_hz)
        if self.n_taps < 3 or self.hop_samples < 1:
            raise ConfigError(
                "kernel_s must be 2 samples or more and hop_s 1 or more, "
                f"got {kernel_s:g} s and {hop_s:g} s at {sample_rate_hz} Hz."
            )
        low, width = self._mel_offsets() if spacing == "mel" else self._midi_offsets()
        self.low_offset_hz = nn.Parameter(low, requires_grad=learnable)
        self.width_offset_hz = nn.Parameter(width, requires_grad=learnable)
        half = self.n_taps // 2
        radians_per_hz = 2 * math.pi * torch.arange(-half, 0) / sample_rate_hz
        phase = 2 * math.pi * torch.linspace(0, self.n_taps / 2 - 1, half) / self.n_taps
        self.register_buffer("radians_per_hz", radians_per_hz, persistent=False)
        self.register_buffer("taper", 0.54 - 0.46 * phase.cos(), persistent=False)

    def cutoffs_hz(self) -> tuple[Tensor, Tensor]:
        """Lower and upper cut-off of each filter; (bands,) each."""
        low = self.min_hz + self.low_offset_hz.abs()
        high = low + self.min_band_hz + self.width_offset_hz.abs()
        return low, high.clamp(max=self.sample_rate_hz / 2)

    def filters(self) -> Tensor:
        """Filters with a middle tap of 1, so that a narrow band is a loud one; (bands, taps)."""
        low, high = (cutoff[:, None] for cutoff in self.cutoffs_hz())
        difference = (high * self.radians_per_hz).sin() - (low * self.radians_per_hz).sin()
        width = high - low
        left = difference / (self.radians_per_hz / 2) * self.taper / (2 * width)
        return torch.cat([left, torch.ones_like(width), left.flip(1)], 1)

    def _mel_offsets(self) -> tuple[Tensor, Tensor]:
        top_hz = self.sample_rate_hz / 2 - self.min_hz - self.min_band_hz
        edges = mel_spaced_hz(self.min_hz, top_hz, self.n_bands + 1, "htk")
        return edges[:-1], edges.diff()

    def _midi_offsets(self) -> tuple[Tensor, Tensor]:
        notes = midi_to_hz(torch.arange(-1, self.n_bands + 1, dtype=torch.float64)).float()
        notes[0] = self.min_hz
        return notes[:-2] - self.min_hz, notes[2:] - notes[:-2]
