"""How badly logits tell which classes lead, where several may and some are unknown.

Comes in: logits and truth, (batch, classes). Goes out: a scalar, the mean over what is known.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

Loss = Literal["bce", "focal", "class-balanced"]


def tagging_loss(
    logits: Tensor,
    truth: Tensor,
    known: Tensor,
    *,
    focusing: float = 0.0,
    weights: Tensor | None = None,
) -> Tensor:
    """Binary cross entropy, each decision weighed; 0 if nothing is known.

    Args:
        logits: (batch, classes).
        truth: 0 to 1; (batch, classes).
        known: where it counts; (batch, classes) bool.
        focusing: exponent of the missing probability, by which decisions that are easy weigh less;
            0 weighs all alike.
        weights: of each class; (classes,). None for 1.

    Example:
        >>> known = torch.tensor([[True, False]])
        >>> tagging_loss(torch.zeros(1, 2), torch.ones(1, 2), known).exp()
        tensor(2.)

    Source: Lin et al. 2017, "Focal loss for dense object detection", arXiv:1708.02002.
    """
    loss = nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    if focusing:
        probability = logits.sigmoid()
        missing = truth * (1 - probability) + (1 - truth) * probability
        loss = loss * missing**focusing
    if weights is not None:
        loss = loss * weights
    total: Tensor = torch.where(known, loss, 0.0).sum() / known.sum().clamp(min=1)
    return total


def class_weights(counts: Tensor, beta: float) -> Tensor:
    """Weight of each class by its effective number of examples; (classes,), their mean is 1.

    weight = (1 - beta) / (1 - beta ** count), scaled

    Args:
        counts: examples of each class; (classes,). None counts as one.
        beta: 0 gives equal weights; towards 1, weights go as 1 / count.

    Example:
        >>> class_weights(torch.tensor([1, 3]), beta=0.5)
        tensor([1.2727, 0.7273])

    Source: Cui et al. 2019, "Class-balanced loss based on effective number of samples",
    arXiv:1901.05555.
    """
    effective = (1 - beta ** counts.clamp(min=1).double()) / (1 - beta)
    weights = 1 / effective
    return (weights / weights.mean()).float()
