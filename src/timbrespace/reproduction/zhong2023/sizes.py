"""What network a row trains: how it is built, how large it is, and how much it computes.

Comes in: a row, and the changes of a request. Goes out: its name, and `Size` of the trunk and the
head that tells classes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import NamedTuple, cast

import torch
from torch.utils.flop_counter import FlopCounterMode

from timbrespace.errors import ConfigError
from timbrespace.models import ResNet, ShaResNet, Trunk, load_encoder
from timbrespace.reproduction.zhong2023.paper import LIGHT, ROWS, SIZES
from timbrespace.reproduction.zhong2023.plan import Request
from timbrespace.tagging import TaggingNetwork

_IRMAS_CLASSES = 11
_CHANNELS = (16, 32, 64, 128)  # of the paper's networks


class Size(NamedTuple):
    """Weights, and multiply-adds of a second of sound."""

    n_weights: int
    multiply_adds: int


def size_of(request: Request, row: str, *, n_classes: int) -> Size:
    """Size of a row's network; Fourier transforms and what is done value by value do not count."""
    network = TaggingNetwork.on(_encoder(request, ROWS[row].recipe), n_classes=n_classes).eval()
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        network(torch.zeros(1, network.sample_rate_hz))
    n_weights = sum(weight.numel() for weight in network.parameters())
    return Size(n_weights, counter.get_total_flops() // 2)


def is_light(request: Request, size: Size) -> bool:
    """Whether a network is as large as the paper's light one."""
    return size == size_of(replace(request, changes=()), LIGHT, n_classes=_IRMAS_CLASSES)


def row_title(request: Request, row: str) -> str:
    """What a row shows; of one that is there for its size, how its network is built."""
    return ROWS[row].title or network_title(request, row)


def network_title(request: Request, row: str) -> str:
    """How the network of a row is built; channels only where they are not those of the paper."""
    return _title(_encoder(request, ROWS[row].recipe))


def check_networks(request: Request) -> None:
    """Whether all networks can be built, and rows that differ by their network still do.

    Raises:
        ConfigError: a setting is not known or does not fit, or changes make two networks one.
    """
    encoders = {
        recipe: _encoder(request, recipe) for recipe in {ROWS[row].recipe for row in request.rows}
    }
    titles = {row: _title(encoders[SIZES[row].recipe]) for row in SIZES if row in request.rows}
    for row, other in combinations(titles, 2):
        if titles[row] == titles[other]:
            alike = [name for name, title in titles.items() if title == titles[row]]
            raise ConfigError(
                f"rows {', '.join(alike)} are for different networks, and all would be of "
                f"{titles[row]}: leave out --set {' '.join(_at_fault(request, row, other))}, or "
                "ask for one of these rows."
            )


def _at_fault(request: Request, row: str, other: str) -> list[str]:
    """Each change without which two rows differ; all of the encoder where it takes several."""
    changes = [change for change in request.changes if change.startswith("encoder")]
    without = {
        change: replace(request, changes=tuple(kept for kept in request.changes if kept != change))
        for change in changes
    }
    return [change for change in changes if _differ(without[change], row, other)] or changes


def _differ(request: Request, row: str, other: str) -> bool:
    try:
        return network_title(request, row) != network_title(request, other)
    except ConfigError:  # what is left does not go together
        return False


def _encoder(request: Request, recipe: str | None) -> Trunk:
    return request.pretraining(recipe, 0).encoder if recipe else load_encoder()


def _title(encoder: Trunk) -> str:
    backbone = cast("ResNet", encoder.backbone)  # every backbone is one
    shared = ", shared" if isinstance(backbone, ShaResNet) and max(backbone.blocks) > 1 else ""
    named = tuple(backbone.channels) != _CHANNELS
    channels = f", {_joined(backbone.channels)} channels" if named else ""
    return f"{_joined(backbone.blocks)} blocks{shared}{channels}"


def _joined(numbers: list[int]) -> str:
    return "-".join(map(str, numbers))
