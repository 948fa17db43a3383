"""The plain head: a linear layer and cross entropy."""

from __future__ import annotations

from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.base import IGNORED, Head
from timbrespace.models.checks import check_positive


class Softmax(Head):
    """Linear layer with bias, and cross entropy.

    Args:
        embedding_size: values in each embedding.
        n_classes: classes to tell apart.
        label_smoothing: share of each target that is spread over all classes, in [0, 1).

    Raises:
        ConfigError: a number is out of range.
    """

    def __init__(
        self, *, embedding_size: int, n_classes: int, label_smoothing: float = 0.0
    ) -> None:
        super().__init__()
        check_positive(embedding_size=embedding_size, n_classes=n_classes)
        if not 0 <= label_smoothing < 1:
            raise ConfigError(f"label_smoothing must be in [0, 1), got {label_smoothing:g}.")
        self.label_smoothing = label_smoothing
        self.embedding_size = embedding_size
        self.n_classes = n_classes
        self.linear = nn.Linear(embedding_size, n_classes)

    def forward(self, embedding: Tensor, target: Tensor) -> Tensor:
        """Mean cross entropy over the items whose target is known; 0 if none is."""
        return known_cross_entropy(
            self.scores(embedding), target, label_smoothing=self.label_smoothing
        )

    def scores(self, embedding: Tensor) -> Tensor:
        """Logits; (batch, n_classes)."""
        logits: Tensor = self.linear(embedding)
        return logits


def known_cross_entropy(logits: Tensor, target: Tensor, *, label_smoothing: float = 0.0) -> Tensor:
    """Mean cross entropy over the items whose target is known; 0 if none is.

    Args:
        logits: (batch, classes).
        target: class of each item, `IGNORED` where unknown; (batch,) int64.
        label_smoothing: share of each target that is spread over all classes.

    Example:
        >>> import torch
        >>> known_cross_entropy(torch.zeros(2, 4), torch.tensor([1, IGNORED])).exp()
        tensor(4.)
    """
    total = nn.functional.cross_entropy(
        logits, target, ignore_index=IGNORED, reduction="sum", label_smoothing=label_smoothing
    )
    return total / (target != IGNORED).sum().clamp(min=1)
