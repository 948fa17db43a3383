"""Pooling by a learnt dictionary: how frames lie around each of a few centres.

Comes in: frames (batch, frames, features) and their counts. Goes out: for each centre the mean of
the frames' offsets from it, each frame counting for a centre as far as it is nearer to it than to
the others; or mean and root mean square.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor, nn

from timbrespace.models.base import Pooling
from timbrespace.models.checks import check_positive
from timbrespace.models.lengths import is_within

Moments = Literal["mean", "mean+std"]

_LOG_EMPTY_MASS = math.log(1e-9)
_SMALLEST_SQUARE = 1e-12


class LDE(Pooling):
    """Learnable dictionary encoding.

    share[t, d] = softmax over d of -scale[d]² |frame[t] - centre[d]|²
    weight[t, d] = share[t, d] / (sum over t of share[t, d] + 1e-9)
    mean[d] = sum over t of weight[t, d] (frame[t] - centre[d])
    std[d] = root of the sum over t of weight[t, d] (frame[t] - centre[d])²

    Args:
        n_features: values in each frame.
        n_centres: entries of the dictionary; the paper has 32, its released code 8.
        moments: "mean" or "mean+std"; the std is about the centre, as published.

    Raises:
        ConfigError: a number is below 1.

    Source: Cai et al. 2018, arXiv:1804.05160, as used by Shi et al. 2022,
    doi:10.1109/TASLP.2022.3140549.
    """

    def __init__(
        self, *, n_features: int = 128, n_centres: int = 8, moments: Moments = "mean"
    ) -> None:
        super().__init__()
        check_positive(n_features=n_features, n_centres=n_centres)
        self.n_features = n_features
        self.n_centres = n_centres
        self.moments: Moments = moments
        self.out_features = n_centres * n_features * (1 if moments == "mean" else 2)
        self.centres = nn.Parameter(torch.randn(n_centres, n_features))
        self.scale = nn.Parameter(torch.ones(n_centres))

    def forward(self, frames: Tensor, n_frames: Tensor | None = None) -> Tensor:
        """Vectors (batch, out_features): centre by centre its mean, then its std if asked for."""
        log_shares = (-self.scale.square() * self._squared_distances(frames)).log_softmax(2)
        weights = _over_time(log_shares, n_frames).transpose(1, 2)  # (batch, centres, frames)
        mass = weights.sum(2, keepdim=True)
        mean_frame = weights @ frames
        mean = mean_frame - mass * self.centres
        if self.moments == "mean":
            return mean.flatten(1)
        square = weights @ frames.square() - self.centres * (mean_frame + mean)
        return torch.cat([mean, square.clamp(min=_SMALLEST_SQUARE).sqrt()], 2).flatten(1)

    def _squared_distances(self, frames: Tensor) -> Tensor:
        """Of each frame to each centre; (batch, frames, centres)."""
        lengths = frames.square().sum(2, keepdim=True) + self.centres.square().sum(1)
        return lengths - 2 * frames @ self.centres.T


def _over_time(log_shares: Tensor, n_frames: Tensor | None) -> Tensor:
    """Shares divided by their sum over time + 1e-9.

    Done as a softmax over the frames and one more of share 1e-9: neither underflow nor a
    compiler that folds away small constants can make a centre without frames divide by zero.
    """
    if n_frames is not None:
        held = is_within(n_frames, log_shares.shape[1])[..., None]
        log_shares = torch.where(held, log_shares, -torch.inf)
    extended = nn.functional.pad(log_shares, (0, 0, 0, 1), value=_LOG_EMPTY_MASS)
    return extended.softmax(1)[:, :-1]
