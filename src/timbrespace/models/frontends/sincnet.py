"""Waveforms to frames by learnable band-pass filters, as published.

Each value of a frame is one sample of a filtered waveform: it keeps the phase of its band, so a
shift of less than a hop changes it. `BandEnergy` has the same filters without that.
"""

from __future__ import annotations

from torch import Tensor, nn

from timbrespace.models.frontends.band_pass import BandPass, Spacing
from timbrespace.models.lengths import centred


class SincNet(BandPass):
    """The output of learnable band-pass filters, taken once a hop; settings as `BandPass`.

    Frames are centred, the first on the first sample, with the waveform mirrored at its ends.

    Source: Shi et al. 2022, doi:10.1109/TASLP.2022.3140549.
    """

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), of either sign, and their counts."""
        padded, n_frames = centred(
            waveform, n_samples, frame_samples=self.n_taps, hop_samples=self.hop_samples
        )
        frames = nn.functional.conv1d(
            padded[:, None], self.filters()[:, None], stride=self.hop_samples
        )
        return frames.transpose(1, 2), n_frames


class NormedSincNet(SincNet):
    """`SincNet` whose output is brought to mean 0 and variance 1 over the batch, times a gain.

    One mean, variance and gain hold for all bands; in use they are those of training. Settings as
    `BandPass`.

    Source: Zhong et al. 2023, arXiv:2306.08850.
    """

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
        self.normalisation = nn.BatchNorm2d(1)

    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames, n_bands), of either sign, and their counts."""
        frames, n_frames = super().forward(waveform, n_samples)
        normed: Tensor = self.normalisation(frames[:, None])
        return normed[:, 0], n_frames
