"""A recipe: everything that decides what a run gives, but for the sounds.

Comes in: settings in layers, base first. Goes out: `Recipe`, its parts built, and the resolved
settings as YAML. Constructor arguments are the schema: jsonargparse reads them, and refuses what
they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from jsonargparse import ArgumentError, ArgumentParser

from timbrespace.errors import ConfigError
from timbrespace.models import Encoder, Head
from timbrespace.training.batches import Sampling
from timbrespace.training.schedule import Schedule


class HeadFactory(Protocol):
    """Makes a head once the number of classes is known."""

    def __call__(self, *, embedding_size: int, n_classes: int) -> Head:
        """A head for embeddings of `embedding_size` and `n_classes`."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to train, on which tasks, with which examples, for how long.

    Attributes:
        encoder: what is trained.
        instrument_head: makes the head of the instrument task.
        family_head: makes the head of the family task, or None.
        family_weight: weight of the family loss; the instrument loss has weight 1.
        sampling: how notes become examples.
        schedule: learning rate and length.
        seed: of the weights and the batches.
        checkpoint_every: optimiser steps between two checkpoints.
        resolved: all settings as YAML, defaults included.
    """

    encoder: Encoder
    instrument_head: HeadFactory
    family_head: HeadFactory | None
    family_weight: float
    sampling: Sampling
    schedule: Schedule
    seed: int
    checkpoint_every: int
    resolved: str


def build_recipe(layers: Sequence[Mapping[str, Any]], overrides: Sequence[str] = ()) -> Recipe:
    """Resolve settings and build what they name.

    Args:
        layers: nested settings; a later layer changes an earlier one.
        overrides: "dotted.key=value", after all layers.

    Raises:
        ConfigError: a key is not known, a value does not fit, or an override has no "=".
    """
    for override in overrides:
        if "=" not in override[1:]:
            raise ConfigError(f"--set takes key=value, got {override!r}.")
    parser = _parser()
    try:
        settings = None
        for layer in layers:
            settings = parser.parse_object(dict(layer), namespace=settings)
        settings = parser.parse_args([f"--{override}" for override in overrides], settings)
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            built = parser.instantiate(settings)
    except (ArgumentError, RuntimeError) as fault:  # RuntimeError: too large for the memory
        raise ConfigError(f"recipe: {fault}") from fault
    if settings.checkpoint_every < 1:
        raise ConfigError(f"checkpoint_every must be >= 1, got {settings.checkpoint_every}.")
    return Recipe(
        **{**built.as_dict(), "encoder": built.encoder},
        resolved=parser.dump(settings, skip_unset=False),
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(Encoder, "encoder")
    parser.add_argument("--instrument_head", type=HeadFactory, required=True)
    parser.add_argument("--family_head", type=HeadFactory | None, default=None)
    parser.add_argument("--family_weight", type=float, default=1.0)
    parser.add_class_arguments(Sampling, "sampling")
    parser.add_class_arguments(Schedule, "schedule")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--checkpoint_every", type=int, default=100)
    return parser
