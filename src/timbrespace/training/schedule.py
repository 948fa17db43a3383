"""The learning rate over a run: linear warm-up, then exponential or cosine decay.

Comes in: a step and the run's length. Goes out: a learning rate.
Source: Shi et al. 2022, section V (Adam, warm-up, exponential decay, 30 epochs).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from timbrespace.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """How long to train, and how fast.

    Attributes:
        epochs: times that every note starts an example; None if `steps` says how long.
        steps: optimiser steps; None if `epochs` says how long.
        learning_rate: at the end of the warm-up.
        warmup: share of the steps that warm up.
        final: learning rate at the last step, as a share of `learning_rate`.
        decay: "exponential", or "cosine": half a period, from the top to the bottom.
        weight_decay: of Adam, added to the gradient.
        betas: of Adam.
    """

    epochs: int | None = 30
    steps: int | None = None
    learning_rate: float = 1e-3
    warmup: float = 0.05
    final: float = 0.01
    decay: Literal["exponential", "cosine"] = "exponential"
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)

    def __post_init__(self) -> None:
        """Check the ranges."""
        if (self.epochs is None) == (self.steps is None):
            raise ConfigError(
                "schedule needs either epochs or steps, the other null (schedule.epochs=null); got "
                f"epochs={self.epochs} and steps={self.steps}."
            )
        if self.total_steps(1) < 1:
            raise ConfigError("schedule.epochs or schedule.steps must be >= 1.")
        if not (0 <= self.warmup < 1 and 0 < self.final <= 1 and self.learning_rate > 0):
            raise ConfigError(
                "schedule needs 0 <= warmup < 1, 0 < final <= 1 and learning_rate > 0; got "
                f"{self.warmup:g}, {self.final:g} and {self.learning_rate:g}."
            )

    def total_steps(self, steps_per_epoch: int) -> int:
        """Optimiser steps of the whole run."""
        return (self.steps or 0) + (self.epochs or 0) * steps_per_epoch

    def learning_rate_at(self, step: int, total_steps: int) -> float:
        """Learning rate of the step that follows `step` finished ones.

        Example:
            >>> schedule = Schedule(learning_rate=1.0, warmup=0.5, final=0.25)
            >>> [schedule.learning_rate_at(step, 4) for step in range(5)]
            [0.5, 1.0, 1.0, 0.5, 0.25]
        """
        n_warmup = round(self.warmup * total_steps)
        if step < n_warmup:
            return self.learning_rate * (step + 1) / n_warmup
        progress = (step - n_warmup) / max(1, total_steps - n_warmup)
        if self.decay == "exponential":
            return float(self.learning_rate * self.final**progress)
        falling = (1 + math.cos(math.pi * progress)) / 2
        return self.learning_rate * (self.final + (1 - self.final) * falling)
