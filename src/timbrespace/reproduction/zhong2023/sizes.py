"""How large the network of a row is, and how much it computes.

Comes in: a row. Goes out: `Size`, of the trunk and the head that tells classes.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch.utils.flop_counter import FlopCounterMode

from timbrespace.models import load_encoder
from timbrespace.reproduction.zhong2023.paper import ROWS
from timbrespace.reproduction.zhong2023.plan import Request
from timbrespace.tagging import TaggingNetwork


class Size(NamedTuple):
    """Weights, and multiply-adds of a second of sound."""

    n_weights: int
    multiply_adds: int


def size_of(request: Request, row: str, *, n_classes: int) -> Size:
    """Size of a row's network; Fourier transforms and what is done value by value do not count."""
    recipe = ROWS[row].recipe
    encoder = request.pretraining(recipe, 0).encoder if recipe else load_encoder()
    network = TaggingNetwork.on(encoder, n_classes=n_classes).eval()
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        network(torch.zeros(1, network.sample_rate_hz))
    n_weights = sum(weight.numel() for weight in network.parameters())
    return Size(n_weights, counter.get_total_flops() // 2)
