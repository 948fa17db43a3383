"""Pooling by moments: mean and standard deviation of each feature over time.

Comes in: frames (batch, frames, features) and their counts. Goes out: (batch, 2 * features), means
first. The standard deviation is the population's; one frame, or constant ones, give (nearly) 0.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from timbrespace.models.base import Pooling
from timbrespace.models.checks import check_positive
from timbrespace.models.lengths import is_within

_SMALLEST_VARIANCE = 1e-10


class Statistics(Pooling):
    """Mean and standard deviation, each frame weighing the same.

    Args:
        n_features: values in each frame.

    Raises:
        ConfigError: a number is below 1.

    Source: Snyder et al. 2018, "X-vectors", doi:10.1109/ICASSP.2018.8461375.
    """

    def __init__(self, *, n_features: int = 128) -> None:
        super().__init__()
        check_positive(n_features=n_features)
        self.n_features = n_features
        self.out_features = 2 * n_features

    def forward(self, frames: Tensor, n_frames: Tensor | None = None) -> Tensor:
        """Vectors (batch, 2 * n_features)."""
        return weighted_moments(frames, attention(frames.new_zeros(frames.shape[:2]), n_frames))


class AttentiveStatistics(Pooling):
    """Mean and standard deviation, each frame weighed by what a small network makes of it.

    score = v · tanh(W frame + b); weights = softmax of the scores over time.

    Args:
        n_features: values in each frame.
        n_hidden: width of the small network.

    Raises:
        ConfigError: a number is below 1.

    Source: Okabe et al. 2018, arXiv:1803.10963.
    """

    def __init__(self, *, n_features: int = 128, n_hidden: int = 64) -> None:
        super().__init__()
        check_positive(n_features=n_features, n_hidden=n_hidden)
        self.n_features = n_features
        self.n_hidden = n_hidden
        self.out_features = 2 * n_features
        self.hidden = nn.Linear(n_features, n_hidden)
        self.score = nn.Linear(n_hidden, 1, bias=False)

    def forward(self, frames: Tensor, n_frames: Tensor | None = None) -> Tensor:
        """Vectors (batch, 2 * n_features)."""
        scores = self.score(self.hidden(frames).tanh())[..., 0]
        return weighted_moments(frames, attention(scores, n_frames))


def attention(scores: Tensor, n_frames: Tensor | None) -> Tensor:
    """Weights that sum to 1 over each item's frames, and are 0 past them; (batch, frames)."""
    if n_frames is not None:
        scores = torch.where(is_within(n_frames, scores.shape[1]), scores, -torch.inf)
    return scores.softmax(1)


def weighted_moments(frames: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean and standard deviation over time; (batch, 2 * features).

    Args:
        frames: (batch, frames, features).
        weights: sum to 1 over time; (batch, frames).

    Example:
        >>> frames = torch.tensor([[[1.0], [5.0]]])
        >>> weighted_moments(frames, torch.tensor([[0.5, 0.5]]))
        tensor([[3., 2.]])
    """
    weights = weights[..., None]
    mean = (weights * frames).sum(1, keepdim=True)
    variance = (weights * (frames - mean).square()).sum(1)
    return torch.cat([mean[:, 0], variance.clamp(min=_SMALLEST_VARIANCE).sqrt()], 1)
