"""The additive angular margin head: an angle is added to the right class's before the softmax."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError
from timbrespace.models.base import Head
from timbrespace.models.checks import check_positive
from timbrespace.models.heads.softmax import known_cross_entropy


class AdditiveAngularMargin(Head):
    """Cross entropy of scaled cosines, the target's angle made larger by a margin.

    logit[target] = scale · cos(angle + margin), logit[other] = scale · cos(angle)

    Where angle + margin would pass 180°, the cosine goes on falling in a straight line
    (cos(angle) - margin · sin(margin)), so that the loss never rewards a larger angle.

    A class may have several centres: its angle is that to the nearest one, so that sounds of one
    instrument that lie apart (registers, techniques, wrong labels) need not share a direction.

    Args:
        embedding_size: values in each embedding.
        n_classes: classes to tell apart.
        margin: radians, 0 up to π/2.
        scale: > 0.
        n_subcentres: centres of each class.

    Raises:
        ConfigError: a number is out of range.

    Source: Deng et al. 2019, "ArcFace", arXiv:1801.07698; sub-centres: Deng et al. 2020,
    "Sub-center ArcFace", doi:10.1007/978-3-030-58621-8_43.
    """

    def __init__(
        self,
        *,
        embedding_size: int,
        n_classes: int,
        margin: float = 0.2,
        scale: float = 30.0,
        n_subcentres: int = 1,
    ) -> None:
        super().__init__()
        check_positive(embedding_size=embedding_size, n_classes=n_classes)
        check_positive(scale=scale, n_subcentres=n_subcentres)
        if not 0 <= margin < math.pi / 2:
            raise ConfigError(f"margin must be in [0, π/2), got {margin:g}.")
        self.embedding_size = embedding_size
        self.n_classes = n_classes
        self.margin = margin
        self.scale = scale
        self.n_subcentres = n_subcentres
        self.weight = nn.Parameter(torch.empty(n_classes * n_subcentres, embedding_size))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, embedding: Tensor, target: Tensor) -> Tensor:
        """Mean loss over the items whose target is known; 0 if none is."""
        cosine = self.scores(embedding)
        is_target = target[:, None] == torch.arange(self.n_classes, device=target.device)
        logits = torch.where(is_target, self._with_margin(cosine), cosine)
        return known_cross_entropy(self.scale * logits, target)

    def scores(self, embedding: Tensor) -> Tensor:
        """Cosine of each embedding and each class's nearest centre; (batch, n_classes)."""
        centres = nn.functional.normalize(self.weight)
        cosine = nn.functional.normalize(embedding) @ centres.T
        return cosine.view(-1, self.n_classes, self.n_subcentres).amax(2)

    def _with_margin(self, cosine: Tensor) -> Tensor:
        sine = (1 - cosine.square()).clamp(min=1e-9).sqrt()
        turned = cosine * math.cos(self.margin) - sine * math.sin(self.margin)
        fallen = cosine - self.margin * math.sin(self.margin)
        return torch.where(cosine > -math.cos(self.margin), turned, fallen)
