"""The supervised contrastive head: sounds of one class attract each other, others repel.

There are no weights per class, so the number of classes costs nothing; what each batch teaches
depends on how many of its sounds share a class.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from timbrespace.models.base import IGNORED, Head
from timbrespace.models.checks import check_positive

_NEVER = -1e9  # as a logit; minus infinity would make NaN of a batch of one
_PROTOTYPE_RATE = 0.1


class SupervisedContrastive(Head):
    """For each sound, how likely it picks those of its own class among all others of the batch.

    loss[i] = mean over p of -log(exp(z_i · z_p / temperature) / sum over a of
              exp(z_i · z_a / temperature))

    where z are unit vectors, p runs over the other sounds of the class of i, and a over all other
    sounds whose class is known. A sound alone of its class is only one that others repel.

    Args:
        embedding_size: values in each embedding.
        n_classes: classes to tell apart.
        temperature: > 0; the lower, the more the hardest pairs count.
        projection_size: values in z, which a layer of rectified units and a linear one make of
            the embedding and which is dropped with the head; None compares embeddings themselves.

    Raises:
        ConfigError: a number is not above 0.

    Attributes:
        prototypes: running mean of z over the batches of training, this one included, for
            `scores` only; saved with the weights; (n_classes, values in z).

    Source: Khosla et al. 2020, arXiv:2004.11362, loss "out".
    """

    prototypes: Tensor

    def __init__(
        self,
        *,
        embedding_size: int,
        n_classes: int,
        temperature: float = 0.1,
        projection_size: int | None = None,
    ) -> None:
        super().__init__()
        size = embedding_size if projection_size is None else projection_size
        check_positive(embedding_size=embedding_size, n_classes=n_classes)
        check_positive(temperature=temperature, projection_size=size)
        self.embedding_size = embedding_size
        self.n_classes = n_classes
        self.temperature = temperature
        self.projection_size = projection_size
        self.projection = (
            nn.Identity()
            if projection_size is None
            else _projection(embedding_size, projection_size)
        )
        self.register_buffer("prototypes", torch.zeros(n_classes, size))

    def forward(self, embedding: Tensor, target: Tensor) -> Tensor:
        """Mean loss over the items of which the batch holds another of their class; 0 if none is.

        Moves the prototypes if training.
        """
        unit = self._unit(embedding)
        if self.training:
            self._move_prototypes(unit.detach(), target)
        return contrastive_loss(unit @ unit.T / self.temperature, target)

    def scores(self, embedding: Tensor) -> Tensor:
        """Cosine of z and each class's prototype, 0 for classes not met; (batch, n_classes)."""
        return self._unit(embedding) @ nn.functional.normalize(self.prototypes).T

    def _unit(self, embedding: Tensor) -> Tensor:
        return nn.functional.normalize(self.projection(embedding))

    def _move_prototypes(self, unit: Tensor, target: Tensor) -> None:
        classes = torch.arange(self.n_classes, device=target.device)
        member = (classes[:, None] == target).to(unit)
        count = member.sum(1, keepdim=True)
        mean = member @ unit / count.clamp(min=1)
        self.prototypes.lerp_(mean, _PROTOTYPE_RATE * (count > 0))


def contrastive_loss(similarity: Tensor, target: Tensor) -> Tensor:
    """Mean cross entropy of each item with the others of its class; 0 if no two share one.

    Args:
        similarity: logit of each pair; (batch, batch).
        target: class of each item, `IGNORED` where unknown; (batch,) int64.

    Example:
        >>> contrastive_loss(torch.zeros(4, 4), torch.tensor([0, 0, 1, IGNORED])).exp()
        tensor(2.)
    """
    known = target != IGNORED
    other = known & ~torch.eye(len(target), dtype=torch.bool, device=target.device)
    mate = other & known[:, None] & (target == target[:, None])
    total = similarity.masked_fill(~other, _NEVER).logsumexp(1, keepdim=True)
    n_mates = mate.sum(1)
    losses = ((total - similarity) * mate).sum(1) / n_mates.clamp(min=1)
    return losses.sum() / (n_mates > 0).sum().clamp(min=1)


def _projection(embedding_size: int, projection_size: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(embedding_size, embedding_size),
        nn.ReLU(),
        nn.Linear(embedding_size, projection_size),
    )
