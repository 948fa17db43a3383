"""Mix examples with each other, and their labels alike.

Comes in: a batch of waveforms. Goes out: a batch of the same shape, and which example each was
mixed with, by what share. Source: Zhang et al. 2018, arXiv:1710.09412.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from timbrespace.errors import ConfigError


@dataclass(frozen=True)
class Mixed:
    """A batch that was mixed.

    Attributes:
        waveform: (batch, samples).
        partner: number of the example that each was mixed with; (batch,) int64.
        share: of the example itself, 0 to 1; the rest is its partner's. 1 if nothing was mixed.
    """

    waveform: Tensor
    partner: Tensor
    share: float


@dataclass(frozen=True, kw_only=True)
class Mixup:
    """How examples are mixed.

    Attributes:
        probability: that a batch is mixed.
        alpha: of the Beta distribution that the share is drawn from; small ones mix little.
    """

    probability: float = 0.0
    alpha: float = 0.4

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not (0 <= self.probability <= 1 and self.alpha > 0):
            raise ConfigError(
                "mixup needs probability in [0, 1] and alpha > 0, got "
                f"{self.probability:g} and {self.alpha:g}."
            )

    def __call__(self, waveform: Tensor, rng: np.random.Generator) -> Mixed:
        """Mix each example of a batch with another one, or none."""
        n = len(waveform)
        if rng.random() >= self.probability:
            return Mixed(waveform, torch.arange(n, device=waveform.device), 1.0)
        share = float(rng.beta(self.alpha, self.alpha))
        partner = torch.from_numpy(rng.permutation(n)).to(waveform.device)
        return Mixed(share * waveform + (1 - share) * waveform[partner], partner, share)
