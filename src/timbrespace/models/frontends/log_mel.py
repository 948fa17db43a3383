"""Waveforms to log-mel frames."""

from __future__ import annotations

from torch import Tensor

from timbrespace.models.frontends.levels import Level, check_floor, levels
from timbrespace.models.frontends.mel_bands import MelBands
from timbrespace.models.frontends.scales import MelScale


class LogMel(MelBands):
    """Power in mel bands, in decibels above a floor.

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: mel bands.
        fft_samples: length of a frame, windowed by Hann.
        hop_samples: from one frame to the next.
        min_hz: where the lowest band starts.
        max_hz: where the highest band ends; at most half the sample rate.
        mel_scale: "slaney" (linear up to 1 kHz) or "htk".
        level: "relative" to each sound's loudest band, or "absolute"; see `levels`.
        floor_db: lowest level heard; < 0.

    Raises:
        ConfigError: as `MelBands`; or floor_db is not below 0.
    """

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
        level: Level = "relative",
        floor_db: float = -80.0,
    ) -> None:
        super().__init__(
            sample_rate_hz=sample_rate_hz,
            n_bands=n_bands,
            fft_samples=fft_samples,
            hop_samples=hop_samples,
            min_hz=min_hz,
            max_hz=max_hz,
            mel_scale=mel_scale,
        )
        self.level: Level = level
        self.floor_db = check_floor(floor_db)

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), >= 0, and their counts."""
        power, n_frames = self.power(waveform, n_samples)
        return levels(power, n_frames, level=self.level, floor_db=self.floor_db), n_frames
