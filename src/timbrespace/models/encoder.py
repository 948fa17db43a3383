"""The encoder: waveforms in, one embedding per waveform out.

Front end, backbone and pooling are joined by their shapes; a linear layer and batch normalisation
give the embedding, as in Shi et al. 2022, doi:10.1109/TASLP.2022.3140549. Embeddings are not
normalised to unit length. All is float32 but, where asked, the backbone.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError, InputError
from timbrespace.models.base import Backbone, Frontend, Pooling
from timbrespace.models.checks import check_positive

Precision = Literal["float32", "bfloat16"]


class Encoder(nn.Module):
    """Front end, backbone, pooling and the layer that gives the embedding.

    Args:
        frontend: waveform to frames.
        backbone: frames to frames.
        pooling: frames to one vector.
        embedding_size: values in an embedding.
        precision: how the backbone computes. Weights and everything else stay in float32, for the
            filters of a front end do not survive bfloat16. May be changed at any time.

    Raises:
        ConfigError: the pooling takes another number of features than the backbone gives, or
            embedding_size is below 1.

    Attributes:
        name: what people call it; travels with its files.
        sample_rate_hz: rate of the waveforms that it takes.
    """

    def __init__(
        self,
        frontend: Frontend,
        backbone: Backbone,
        pooling: Pooling,
        embedding_size: int = 512,
        precision: Precision = "float32",
    ) -> None:
        super().__init__()
        check_positive(embedding_size=embedding_size)
        if pooling.n_features != backbone.n_features:
            raise ConfigError(
                f"pooling.n_features must be what the backbone gives, {backbone.n_features}; "
                f"got {pooling.n_features}."
            )
        self.name = "unnamed"
        self.frontend = frontend
        self.backbone = backbone
        self.pooling = pooling
        self.embedding = nn.Linear(pooling.out_features, embedding_size)
        self.normalisation = nn.BatchNorm1d(embedding_size)
        self.precision = precision
        self.embedding_size = embedding_size
        self.sample_rate_hz = frontend.sample_rate_hz

    def forward(self, waveform: Tensor, n_samples: Tensor | None = None) -> Tensor:
        """Embed a batch of waveforms.

        Args:
            waveform: (batch, samples) float32 at `sample_rate_hz`, zero past each item's count.
            n_samples: samples of each item, at least 1; (batch,). None if all are full.

        Returns:
            (batch, embedding_size) float32, not normalised.

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
            vector = self.pooling(frames.float(), n_frames)
            embedding: Tensor = self.normalisation(self.embedding(vector))
        return embedding
