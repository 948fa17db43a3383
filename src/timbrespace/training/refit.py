"""The last layer of a trained encoder, computed anew in closed form.

Comes in: pooled vectors of training examples and their instruments. Goes out: an encoder whose
embedding is the linear discriminants of its pooled vector: directions in which one instrument's
sounds differ are made equally small, and those kept in which instruments differ most. Trained by
gradient alone, the last layer knows the instruments of training too well; its input says more of
others.

Source: Hatch, Kajarekar & Stolcke 2006, "Within-class covariance normalization for SVM-based
speaker recognition", Interspeech; Dehak et al. 2011, doi:10.1109/TASL.2010.2064307, for both steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from timbrespace.errors import ConfigError
from timbrespace.models import Encoder


@dataclass(frozen=True, kw_only=True)
class Refit:
    """How the last layer is computed when training has ended.

    Attributes:
        batches: of examples that it is computed from, the first ones of the run.
        regularisation: share of their mean that is added to the variances within instruments.
    """

    batches: int = 200
    regularisation: float = 0.3

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.batches < 1 or not 0 < self.regularisation <= 100:
            raise ConfigError(
                "refit needs batches >= 1 and 0 < regularisation <= 100, got "
                f"{self.batches} and {self.regularisation:g}."
            )


def refit_last_layer(
    encoder: Encoder, pooled: Tensor, instrument: Tensor, *, regularisation: float
) -> None:
    """Set the last layer to the discriminants of examples.

    Args:
        encoder: is changed: its last linear layer, and the normalisation after it, which then
            leaves everything as it is.
        pooled: what `encoder.pool` gives; (examples, encoder.pooling.out_features).
        instrument: class of each; (examples,).
        regularisation: as in `Refit`.

    Raises:
        ConfigError: the pooled vector has fewer values than the embedding, or fewer than two
            instruments have two examples.
    """
    if pooled.shape[1] < encoder.embedding_size:
        raise ConfigError(
            f"refit keeps at most what is pooled, {pooled.shape[1]} values; "
            f"encoder.embedding_size is {encoder.embedding_size}."
        )
    centre, directions = discriminants(
        pooled, instrument, n_kept=encoder.embedding_size, regularisation=regularisation
    )
    set_last_layer(encoder, directions.T, -centre @ directions)


def set_last_layer(encoder: Encoder, weight: Tensor, bias: Tensor) -> None:
    """Set the last linear layer; the normalisation after it then leaves everything as it is.

    Args:
        encoder: is changed.
        weight: (embedding_size, pooling.out_features).
        bias: (embedding_size,).
    """
    norm = encoder.normalisation
    with torch.no_grad():
        encoder.embedding.weight.copy_(weight)
        encoder.embedding.bias.copy_(bias)
        norm.reset_parameters()  # mean 0, variance 1
        norm.weight.fill_(math.sqrt(1 + norm.eps))


def discriminants(
    vectors: Tensor, classes: Tensor, *, n_kept: int, regularisation: float
) -> tuple[Tensor, Tensor]:
    """Linear discriminants, scaled so that classes have unit variance within.

    Args:
        vectors: (n, dimensions).
        classes: (n,).
        n_kept: directions to keep, at most `dimensions`.
        regularisation: share of their mean that is added to the variances within classes.

    Returns:
        The mean of the class means (dimensions,), and the directions (dimensions, n_kept), those
        first in which class means differ most; float64. Every class counts alike.

    Raises:
        ConfigError: fewer than two classes have two vectors.
    """
    parts = [vectors[classes == number].double() for number in torch.unique(classes)]
    parts = [part for part in parts if len(part) > 1]
    if len(parts) < 2:
        raise ConfigError(
            f"refit needs two examples of at least two instruments, it has {len(parts)} such."
        )
    means = torch.stack([part.mean(0) for part in parts])
    centre = means.mean(0)
    within = torch.stack([part.T.cov() for part in parts]).mean(0)
    within += regularisation * within.diagonal().mean() * torch.eye(len(within))
    whitening = torch.linalg.cholesky(torch.linalg.inv(within))
    _, _, axes = torch.linalg.svd((means - centre) @ whitening, full_matrices=True)
    return centre, whitening @ axes[:n_kept].T
