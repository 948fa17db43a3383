"""The training step of a tagger, and its settings.

Comes in: clips. Goes out: a loss and what is logged of it. Step number k sees the same batch and
learning rate whether or not the run was stopped before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from timbrespace.augment import Augmentation, Mixup
from timbrespace.errors import ConfigError
from timbrespace.tagging.batches import ClipBatch, ClipBatches
from timbrespace.tagging.losses import Loss, tagging_loss
from timbrespace.tagging.network import TaggingNetwork
from timbrespace.training.module import StepTraining
from timbrespace.training.schedule import Schedule

PUBLISHED_SCHEDULE = Schedule(
    epochs=40,
    learning_rate=2.5e-4,
    warmup=0.125,
    final=0.001,
    decay="cosine",
    weight_decay=5e-4,
)
"""Of the released code of Zhong et al. 2023; its rate ends at 0."""


@dataclass(frozen=True, kw_only=True)
class FineTuning:
    """How a tagger is trained; as it stands, as in the released code of Zhong et al. 2023.

    Attributes:
        loss: "bce"; "focal", by which easy decisions weigh less; or "class-balanced", by which
            rare classes weigh more.
        focusing: exponent of the focal loss.
        beta: of the class-balanced loss; towards 1, weights go as 1 / count.
        frozen: train the head only.
        calibrated: in the end, have the probabilities fit the validation excerpts.
        fraction: share of the training excerpts that are used; a larger share holds a smaller one.
        clip_s: length of a clip.
        batch_size: clips in a batch.
        augmentation: effects on the clips.
        mixup: clips mixed with each other, and their truth alike.
        schedule: learning rate and length.
        seed: of the head's weights, the batches and the share of excerpts.
        checkpoint_every: optimiser steps between two checkpoints.
    """

    loss: Loss = "bce"
    focusing: float = 2.0
    beta: float = 0.999
    frozen: bool = False
    calibrated: bool = False
    fraction: float = 1.0
    clip_s: float = 1.0
    batch_size: int = 64
    augmentation: Augmentation = field(default_factory=Augmentation)
    mixup: Mixup = field(default_factory=Mixup)
    schedule: Schedule = PUBLISHED_SCHEDULE
    seed: int = 10
    checkpoint_every: int = 200

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not (self.focusing >= 0 and 0 <= self.beta < 1 and 0 < self.fraction <= 1):
            raise ConfigError(
                "fine-tuning needs focusing >= 0, beta in [0, 1) and fraction in (0, 1]; got "
                f"{self.focusing:g}, {self.beta:g} and {self.fraction:g}."
            )
        if not 0.1 <= self.clip_s <= 60 or self.batch_size < 2 or self.checkpoint_every < 1:
            raise ConfigError(
                "fine-tuning needs clip_s from 0.1 to 60, batch_size >= 2 and checkpoint_every "
                f">= 1; got {self.clip_s:g}, {self.batch_size} and {self.checkpoint_every}."
            )


class TaggerTraining(StepTraining[ClipBatch]):
    """A network under one loss.

    Args:
        network: what is trained.
        batches: the run's batches.
        settings: how.
        weights: of each class in a class-balanced loss; (classes,). None for equal ones.
    """

    weights: Tensor | None

    def __init__(
        self,
        network: TaggingNetwork,
        batches: ClipBatches,
        settings: FineTuning,
        *,
        weights: Tensor | None = None,
    ) -> None:
        super().__init__(batches, settings.schedule)
        self.network = network
        self._settings = settings
        self.register_buffer("weights", weights, persistent=False)
        self._trunk = (network.frontend, network.backbone, network.pooling)
        for part in self._trunk:
            part.requires_grad_(not settings.frozen)

    def on_train_start(self) -> None:
        """What is frozen keeps the statistics of its normalisation, too."""
        if self._settings.frozen:
            for part in self._trunk:
                part.eval()

    def training_step(self, batch: ClipBatch) -> Tensor:
        """Loss of one batch; a scalar."""
        waveform, truth, known = self._mixed(batch)
        draws = np.random.default_rng([self._settings.seed, 5, batch.step])
        with torch.random.fork_rng():  # what dropout leaves out depends on seed and step only
            torch.manual_seed(int(draws.integers(2**63)))
            logits = self.network(waveform)
        focusing = self._settings.focusing if self._settings.loss == "focal" else 0.0
        loss = tagging_loss(logits, truth, known, focusing=focusing, weights=self.weights)
        self.log("loss", loss.detach())
        with torch.no_grad():
            surest = logits.masked_fill(~known, -torch.inf).argmax(1, keepdim=True)
            self.log("surest_accuracy", (truth.gather(1, surest) >= 0.5).float().mean())
        return loss

    def _mixed(self, batch: ClipBatch) -> tuple[Tensor, Tensor, Tensor]:
        """Waveform, truth and what is known of it, after effects and mixing."""
        seed, step = self._settings.seed, batch.step
        waveform = self._settings.augmentation(
            batch.waveform,
            sample_rate_hz=self.network.sample_rate_hz,
            rng=np.random.default_rng([seed, 2, step]),
        )
        mixed = self._settings.mixup(waveform, np.random.default_rng([seed, 3, step]))
        if mixed.share == 1:
            return waveform, batch.truth, batch.known
        truth = mixed.share * batch.truth + (1 - mixed.share) * batch.truth[mixed.partner]
        return mixed.waveform, truth, batch.known & batch.known[mixed.partner]
