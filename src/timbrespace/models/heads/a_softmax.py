"""The angular softmax head: the right class must win by m times the angle."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.base import Head
from timbrespace.models.checks import check_positive
from timbrespace.models.heads.softmax import known_cross_entropy

_SHORTEST = 1e-12


class ASoftmax(Head):
    """Cross entropy of |x| cos(angle), the target's blended with a steeper curve of its angle.

    logit[target] = |x| (λ cos(angle) + ψ(angle)) / (λ + 1), logit[other] = |x| cos(angle)
    ψ(angle) = (-1)^k cos(m · angle) - 2k, k = floor(m · angle / π)
    λ = max(5, 1500 / (1 + 0.01 · step))

    where `step` counts the batches of training, this one included; it is saved with the weights,
    so that training that is resumed goes on where it was.

    Args:
        embedding_size: values in each embedding.
        n_classes: classes to tell apart.
        m: how many times the angle; 1 to 4. With 1 there is no margin.

    Raises:
        ConfigError: m is not 1, 2, 3 or 4, or another number is below 1.

    Source: Liu et al. 2017, "SphereFace", arXiv:1704.08063; annealing of Shi et al. 2022,
    doi:10.1109/TASLP.2022.3140549.
    """

    step: Tensor

    def __init__(self, *, embedding_size: int, n_classes: int, m: int = 2) -> None:
        super().__init__()
        check_positive(embedding_size=embedding_size, n_classes=n_classes)
        if m not in (1, 2, 3, 4):
            raise ConfigError(f"m must be 1, 2, 3 or 4, got {m}.")
        self.embedding_size = embedding_size
        self.n_classes = n_classes
        self.m = m
        self.weight = nn.Parameter(torch.empty(n_classes, embedding_size))
        nn.init.xavier_uniform_(self.weight)
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))

    def forward(self, embedding: Tensor, target: Tensor) -> Tensor:
        """Mean loss over the items whose target is known; 0 if none is. Counts if training."""
        if self.training:
            self.step += 1
        plain = self.scores(embedding)
        length = embedding.norm(dim=1, keepdim=True).clamp(min=_SHORTEST)
        steep = length * steep_cosine(plain / length, self.m)
        is_target = target[:, None] == torch.arange(self.n_classes, device=target.device)
        blended = plain + (steep - plain) / (1 + annealing(self.step))
        return known_cross_entropy(torch.where(is_target, blended, plain), target)

    def scores(self, embedding: Tensor) -> Tensor:
        """|x| cos(angle) to each class's direction; (batch, n_classes)."""
        return embedding @ nn.functional.normalize(self.weight).T


def annealing(step: Tensor) -> Tensor:
    """Weight λ of the plain cosine beside the steep one, from 1500 down to 5.

    Example:
        >>> annealing(torch.tensor([0, 100, 100_000]))
        tensor([1500.,  750.,    5.])
    """
    return (1500 / (1 + 0.01 * step)).clamp(min=5.0)


def steep_cosine(cosine: Tensor, m: int) -> Tensor:
    """ψ(angle) = (-1)^k cos(m · angle) - 2k: falls m times as fast, from 1 to 1 - 2m.

    Example:
        >>> steep_cosine(torch.tensor([1.0, 0.0, -1.0]), 2)
        tensor([ 1., -1., -3.])
    """
    k = (m * cosine.detach().clamp(-1, 1).acos() / math.pi).floor()
    return (1 - 2 * (k % 2)) * _cosine_of_multiple(cosine.clamp(-1, 1), m) - 2 * k


def _cosine_of_multiple(cosine: Tensor, m: int) -> Tensor:
    """cos(m · angle), by Chebyshev's recurrence: its gradient is finite at every angle."""
    before, now = torch.ones_like(cosine), cosine
    for _ in range(m - 1):
        before, now = now, 2 * cosine * now - before
    return now
