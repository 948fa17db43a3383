"""Waveforms to the log energy in learnable bands.

The filters are those of `SincNet`, but what goes out is how strong each band is, not one sample
of its wave: by Parseval's theorem the energy of a filtered frame is a product of two power
spectra, so no waveform is filtered and nothing is decimated.
"""

from __future__ import annotations

import torch
from torch import Tensor

from timbrespace.models.frontends.band_pass import BandPass, Spacing
from timbrespace.models.frontends.levels import Level, check_floor, levels, power_spectrum
from timbrespace.models.lengths import centred


class BandEnergy(BandPass):
    """Energy of each windowed frame behind each band-pass filter, in decibels above a floor.

    Frames are centred, the first on the first sample, as long as the filters, windowed by Hann;
    the waveform is mirrored at its ends. A full-scale sine gives about power 1 in a band that
    holds it, less where the band is narrower than the window can resolve (some 50 Hz).

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: filters.
        spacing: how the bands lie before training, "mel" or "midi"; see `BandPass`.
        kernel_s: length of a filter and of a frame.
        hop_s: from one frame to the next.
        min_hz: lowest cut-off.
        min_band_hz: narrowest band.
        learnable: False keeps the cut-offs as they are.
        level: "relative" to each sound's loudest band, or "absolute"; see `levels`.
        floor_db: lowest level heard; < 0.

    Raises:
        ConfigError: as `BandPass`; or floor_db is not below 0.
    """

    window: Tensor
    sine_scale: Tensor

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
        level: Level = "relative",
        floor_db: float = -80.0,
    ) -> None:
        super().__init__(
            sample_rate_hz=sample_rate_hz,
            n_bands=n_bands,
            spacing=spacing,
            kernel_s=kernel_s,
            hop_s=hop_s,
            min_hz=min_hz,
            min_band_hz=min_band_hz,
            learnable=learnable,
        )
        self.level: Level = level
        self.floor_db = check_floor(floor_db)
        self.fft_samples = 2 ** (2 * self.n_taps - 2).bit_length()
        window = torch.hann_window(self.n_taps, periodic=False)
        sides = torch.full((self.fft_samples // 2 + 1,), 2.0)
        sides[[0, -1]] = 1.0  # every bin but the first and last stands for two
        sine_scale = sides / self.fft_samples * 2 / window.square().sum()
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("sine_scale", sine_scale, persistent=False)

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), >= 0, and their counts."""
        padded, n_frames = centred(
            waveform, n_samples, frame_samples=self.n_taps, hop_samples=self.hop_samples
        )
        frames = padded.unfold(1, self.n_taps, self.hop_samples)
        spectra = power_spectrum(frames * self.window, self.fft_samples)
        energies = spectra @ self._responses().T
        return levels(energies, n_frames, level=self.level, floor_db=self.floor_db), n_frames

    def _responses(self) -> Tensor:
        """What each bin of a frame's power spectrum adds to each band; (bands, bins)."""
        low, high = self.cutoffs_hz()
        gain = 2 * (high - low) / self.sample_rate_hz  # the filters' gain in their bands is 1 / it
        return power_spectrum(self.filters() * gain[:, None], self.fft_samples) * self.sine_scale
