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

from timbrespace.augment import Augmentation, Mixup
from timbrespace.errors import ConfigError
from timbrespace.models import Encoder, Head
from timbrespace.training.batches import Sampling
from timbrespace.training.refit import Refit
from timbrespace.training.schedule import Schedule
from timbrespace.training.settings import parsed_settings

TASKS = ("instrument", "kind", "family")
"""Columns of the manifest that an embedding may be trained to tell."""


class HeadFactory(Protocol):
    """Makes a head once the number of classes is known."""

    def __call__(self, *, embedding_size: int, n_classes: int) -> Head:
        """A head for embeddings of `embedding_size` and `n_classes`."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What to train, on which tasks, with which examples, for how long.

    Attributes:
        encoder: what is trained.
        instrument_head: makes the head of the instrument task, or None.
        instrument_weight: weight of its loss.
        kind_head: makes the head that tells kinds of instrument, whoever made them, or None.
        kind_weight: weight of its loss.
        family_head: makes the head of the family task, or None.
        family_weight: weight of its loss.
        sampling: how notes become examples.
        augmentation: effects on the examples.
        mixup: examples mixed with each other, and their classes alike.
        schedule: learning rate and length.
        refit: how the last layer is computed anew at the end, or None.
        seed: of the weights and the batches.
        checkpoint_every: optimiser steps between two checkpoints.
        resolved: all settings as YAML, defaults included.
    """

    encoder: Encoder
    instrument_head: HeadFactory | None
    instrument_weight: float
    kind_head: HeadFactory | None
    kind_weight: float
    family_head: HeadFactory | None
    family_weight: float
    sampling: Sampling
    augmentation: Augmentation
    mixup: Mixup
    schedule: Schedule
    refit: Refit | None
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
    parser = _parser()
    try:
        settings = None
        for layer in layers:
            settings = parser.parse_object(dict(layer), namespace=settings)
        settings = parsed_settings(parser, overrides, settings, of="a recipe")
        with torch.random.fork_rng():
            torch.manual_seed(settings.seed)
            built = parser.instantiate(settings)
    except (ArgumentError, RuntimeError) as fault:  # RuntimeError: too large for the memory
        raise ConfigError(f"recipe: {fault}") from fault
    if not any(settings[f"{task}_head"] for task in TASKS):
        raise ConfigError("a recipe needs one of instrument_head, kind_head and family_head.")
    if settings.checkpoint_every < 1:
        raise ConfigError(f"checkpoint_every must be >= 1, got {settings.checkpoint_every}.")
    return Recipe(
        **{**built.as_dict(), "encoder": built.encoder},
        resolved=parser.dump(settings, skip_unset=False),
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(Encoder, "encoder")
    for task in TASKS:
        parser.add_argument(f"--{task}_head", type=HeadFactory | None, default=None)
        parser.add_argument(f"--{task}_weight", type=float, default=1.0)
    parser.add_class_arguments(Sampling, "sampling")
    parser.add_class_arguments(Augmentation, "augmentation")
    parser.add_class_arguments(Mixup, "mixup")
    parser.add_class_arguments(Schedule, "schedule")
    parser.add_argument("--refit", type=Refit | None, default=None)
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--checkpoint_every", type=int, default=100)
    return parser
