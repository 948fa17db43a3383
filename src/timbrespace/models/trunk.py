"""What encoders and taggers have in common: waveforms in, one vector per waveform out.

Front end, backbone and pooling are joined by their shapes. All is float32 but, where asked, the
backbone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError, InputError
from timbrespace.models.base import Backbone, Frontend, Pooling
from timbrespace.models.speed import Precision


class Trunk(nn.Module):
    """Front end, backbone and pooling.

    Args:
        frontend: waveform to frames.
        backbone: frames to frames.
        pooling: frames to one vector.
        precision: how the backbone computes; see `Encoder`.

    Raises:
        ConfigError: the pooling takes another number of features than the backbone gives.

    Attributes:
        sample_rate_hz: rate of the waveforms that it takes.
    """

    def __init__(
        self,
        frontend: Frontend,
        backbone: Backbone,
        pooling: Pooling,
        precision: Precision = "float32",
    ) -> None:
        super().__init__()
        if pooling.n_features != backbone.n_features:
            raise ConfigError(
                f"pooling.n_features must be what the backbone gives, {backbone.n_features}; "
                f"got {pooling.n_features}."
            )
        self.frontend = frontend
        self.backbone = backbone
        self.pooling = pooling
        self.precision = precision
        self.sample_rate_hz = frontend.sample_rate_hz

    def pool(self, waveform: Tensor, n_samples: Tensor | None = None) -> Tensor:
        """One vector per sound, what a last layer is given; (batch, pooling.out_features).

        Args:
            waveform: (batch, samples) float32 at `sample_rate_hz`, zero past each item's count.
            n_samples: samples of each item, at least 1; (batch,). None if all are full.

        Raises:
            InputError: the waveform is not (batch, samples) or has no sample.
        """
        if waveform.ndim != 2 or waveform.shape[1] == 0:
            raise InputError(
                "waveform must be (batch, samples) with at least one sample, "
                f"got shape {tuple(waveform.shape)}."
            )
        device = waveform.device.type
        with torch.autocast(device, enabled=False):
            frames, n_frames = self.frontend(waveform, n_samples)
            with torch.autocast(device, torch.bfloat16, enabled=self.precision == "bfloat16"):
                frames, n_frames = self.backbone(frames, n_frames)
            vector: Tensor = self.pooling(frames.float(), n_frames)
        return vector
