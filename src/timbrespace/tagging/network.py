"""The network of a tagger: clips in, a logit for each class out.

It hears each clip at one loudness, as it did in training, and reads its classes from what the
trunk pools: rectified, normalised and weighed, as in Zhong et al. 2023, arXiv:2306.08850.
"""

from __future__ import annotations

import copy
from typing import cast

import torch
from torch import Tensor, nn

from timbrespace.models import Trunk
from timbrespace.models.base import Backbone, Frontend, Pooling
from timbrespace.models.checks import check_positive
from timbrespace.models.speed import Precision
from timbrespace.tagging.loudness import at_loudness

LOUDNESS_LUFS = -12.0


class TaggingNetwork(Trunk):
    """A trunk and a head of its own for every class.

    Args:
        frontend: waveform to frames.
        backbone: frames to frames.
        pooling: frames to one vector.
        n_classes: classes to tell, of which any number may be there.
        precision: of the backbone; see `Encoder`.
        dropout: share of the pooled values that are left out in training.

    Raises:
        ConfigError: as `Trunk`, or there is no class.
    """

    def __init__(
        self,
        frontend: Frontend,
        backbone: Backbone,
        pooling: Pooling,
        *,
        n_classes: int,
        precision: Precision = "float32",
        dropout: float = 0.15,
    ) -> None:
        super().__init__(frontend, backbone, pooling, precision)
        check_positive(n_classes=n_classes)
        self.n_classes = n_classes
        self.head = nn.Sequential(
            nn.ReLU(),
            nn.BatchNorm1d(pooling.out_features),
            nn.Dropout(dropout),
            nn.Linear(pooling.out_features, n_classes),
        )

    @classmethod
    def on(cls, trunk: Trunk, *, n_classes: int) -> TaggingNetwork:
        """A network on a copy of an encoder's trunk; the encoder's last layer is left behind."""
        parts = copy.deepcopy((trunk.frontend, trunk.backbone, trunk.pooling))
        return cls(*parts, n_classes=n_classes, precision=trunk.precision)

    def rescale(self, scale: float, shift: Tensor) -> None:
        """Scale all logits, and shift those of each class; (n_classes,)."""
        last = cast("nn.Linear", self.head[-1])
        with torch.no_grad():
            last.weight.mul_(scale)
            last.bias.mul_(scale).add_(shift.to(last.bias))

    def forward(self, waveform: Tensor, n_samples: Tensor | None = None) -> Tensor:
        """Logit of each class; (batch, n_classes) float32.

        Args:
            waveform: (batch, samples) float32 at `sample_rate_hz`, zero past each item's count.
            n_samples: samples of each item, at least 1; (batch,). None if all are full.

        Raises:
            InputError: the waveform is not (batch, samples) or has no sample.
        """
        with torch.autocast(waveform.device.type, enabled=False):
            heard = at_loudness(waveform, self.sample_rate_hz, n_samples, lufs=LOUDNESS_LUFS)
            logits: Tensor = self.head(self.pool(heard, n_samples))
        return logits
