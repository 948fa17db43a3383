"""Waveforms to frames by learnable band-pass filters, as published.

Each value of a frame is one sample of a filtered waveform: it keeps the phase of its band, so a
shift of less than a hop changes it. `BandEnergy` has the same filters without that.
"""

from __future__ import annotations

from torch import Tensor, nn

from timbrespace.models.frontends.band_pass import BandPass
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
