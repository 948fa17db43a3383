"""Waveforms to log-magnitude constant-Q frames: one band per semitone, or finer.

Each band has a window of the same number of periods, so low notes have long ones (0.5 s at MIDI
note 23). Frames are centred, the first on the first sample; around the waveform lies silence.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.base import Frontend
from timbrespace.models.checks import check_positive
from timbrespace.models.frontends.levels import Level, check_floor, levels
from timbrespace.models.frontends.scales import midi_to_hz


class CQT(Frontend):
    """Constant-Q transform by direct convolution, in decibels above a floor.

    Bands are convolved octave by octave, each octave with kernels as long as its lowest note
    needs. A full-scale sine gives power 1 in its band.

    Args:
        sample_rate_hz: rate of the waveforms.
        n_bands: bands.
        lowest_midi: MIDI note of the lowest band.
        bands_per_octave: 12 gives band k the note `lowest_midi + k`.
        hop_samples: from one frame to the next.
        level: "relative" to each sound's loudest band, or "absolute"; see `levels`.
        floor_db: lowest level heard; < 0.

    Raises:
        ConfigError: the next band above the highest would not lie below half the sample rate, so
            that the highest meets its own mirror image; or a number is out of range.

    Source: Brown 1991, doi:10.1121/1.400476; the window is Hann's.
    """

    def __init__(
        self,
        *,
        sample_rate_hz: int = 16_000,
        n_bands: int = 96,
        lowest_midi: float = 23.0,
        bands_per_octave: int = 12,
        hop_samples: int = 192,
        level: Level = "relative",
        floor_db: float = -80.0,
    ) -> None:
        super().__init__()
        check_positive(n_bands=n_bands, bands_per_octave=bands_per_octave, hop_samples=hop_samples)
        self.sample_rate_hz = sample_rate_hz
        self.n_bands = n_bands
        self.lowest_midi = lowest_midi
        self.bands_per_octave = bands_per_octave
        self.hop_samples = hop_samples
        self.level: Level = level
        self.floor_db = check_floor(floor_db)
        bands = torch.arange(n_bands, dtype=torch.float64)
        bands_hz = midi_to_hz(lowest_midi + 12 * bands / bands_per_octave)
        above_hz = float(bands_hz[-1]) * 2 ** (1 / bands_per_octave)
        if above_hz >= sample_rate_hz / 2:
            raise ConfigError(
                "the band above the highest of a CQT must still lie below half the sample rate, "
                f"{sample_rate_hz / 2:g} Hz, it is at {above_hz:.1f} Hz; give fewer bands."
            )
        for octave, octave_hz in enumerate(torch.split(bands_hz, bands_per_octave)):
            kernels = constant_q_kernels(octave_hz, bands_per_octave, sample_rate_hz)
            self.register_buffer(f"octave{octave}", kernels, persistent=False)

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), >= 0, and their counts."""
        n_frames = None if n_samples is None else (n_samples - 1) // self.hop_samples + 1
        power = torch.cat([self._power(waveform, kernels) for kernels in self.buffers()], 1)
        power = power.transpose(1, 2)
        return levels(power, n_frames, level=self.level, floor_db=self.floor_db), n_frames

    def _power(self, waveform: Tensor, kernels: Tensor) -> Tensor:
        """Power of the bands of an octave; (batch, bands, frames)."""
        margin = kernels.shape[2] // 2  # conv1d's own padding is far slower for long kernels
        padded = nn.functional.pad(waveform, (margin, margin))
        parts = nn.functional.conv1d(padded[:, None], kernels, stride=self.hop_samples)
        cosines, sines = parts.chunk(2, 1)
        return cosines.square() + sines.square()


def constant_q_kernels(bands_hz: Tensor, bands_per_octave: int, sample_rate_hz: int) -> Tensor:
    """Windowed cosines, then windowed sines, centred in kernels of one length.

    Args:
        bands_hz: centres, the lowest first; (bands,) float64.
        bands_per_octave: sets the periods in a window, 1 / (2^(1 / bands_per_octave) - 1).
        sample_rate_hz: rate of the waveforms.

    Returns:
        (2 * bands, 1, taps) float32; the power of a full-scale sine is 1 at its band.
    """
    periods = 1 / (2 ** (1 / bands_per_octave) - 1)
    window_s = periods / bands_hz[:, None]
    half = math.ceil(float(window_s.max()) * sample_rate_hz / 2)
    time_s = torch.arange(-half, half + 1, dtype=torch.float64) / sample_rate_hz
    window = (math.pi * (time_s / window_s).clamp(-0.5, 0.5)).cos().square()
    window = 2 * window / window.sum(1, keepdim=True)
    phase = 2 * math.pi * bands_hz[:, None] * time_s
    return torch.cat([window * phase.cos(), window * phase.sin()])[:, None].float()
