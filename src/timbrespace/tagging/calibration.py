"""Make probabilities mean what they say: of all excerpts told with 30 %, 30 % are so led.

Comes in: a trained tagger and excerpts that it did not learn from. Goes out: the same tagger, whose
last layer is scaled and shifted. One scale serves all classes, since more would fit few excerpts
too well; each class has a shift of its own, so that classes can be compared.

Source: Platt 1999, "Probabilistic outputs for support vector machines"; Guo et al. 2017,
arXiv:1706.04599.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import minimize
from torch import Tensor, nn

from timbrespace.tagging.excerpts import Excerpts, Rows
from timbrespace.tagging.scoring import clip_probabilities
from timbrespace.tagging.tagger import Tagger

_SURE = 1e-6
_PRIOR = 1e-4  # keeps the shift of a class finite that leads nowhere


def calibrate(
    tagger: Tagger,
    excerpts: Excerpts,
    chosen: Rows,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Scale and shift the logits so that excerpts' probabilities are as likely as can be.

    Args:
        tagger: its network is changed.
        excerpts: packed, at the tagger's rate.
        chosen: numbers of the excerpts to go by, at least one; (n,).
        on_progress: called with how many more are heard.
    """
    parts = list(clip_probabilities(tagger, excerpts, chosen, on_progress=on_progress))
    owner = torch.cat([torch.from_numpy(part.owner) for part in parts])
    rates = torch.cat([torch.from_numpy(part.rates) for part in parts]).double()
    truth = torch.from_numpy(excerpts.truth[chosen]).double()
    known = torch.from_numpy(excerpts.known[chosen])
    tagger.network.rescale(*_fitted(rates, owner, truth, known))


def _fitted(rates: Tensor, owner: Tensor, truth: Tensor, known: Tensor) -> tuple[float, Tensor]:
    """The scale of all logits and the shift of each class; what is silent stays at 0."""
    logits = rates.clamp(_SURE, 1 - _SURE).logit()
    sounds = rates.any(1, keepdim=True)
    n_clips = owner.bincount(minlength=len(truth))[:, None]

    def loss(values: Tensor) -> Tensor:
        heard = (logits * values[0].exp() + values[1:]).sigmoid() * sounds
        means = (torch.zeros_like(truth).index_add(0, owner, heard) / n_clips).clamp(
            _SURE, 1 - _SURE
        )
        fit = nn.functional.binary_cross_entropy(means, truth, reduction="none")
        return fit[known].mean() + _PRIOR * values[1:].square().mean()

    def loss_and_gradient(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        values = torch.tensor(at, requires_grad=True)
        value = loss(values)
        (gradient,) = torch.autograd.grad(value, values)
        return value.item(), gradient.numpy()

    start = np.zeros(1 + truth.shape[1])
    found = torch.from_numpy(minimize(loss_and_gradient, start, method="L-BFGS-B", jac=True).x)
    return float(found[0].exp()), found[1:]
