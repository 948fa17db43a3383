"""The training step: an encoder, effects on what it hears, and the tasks that it must solve.

Comes in: batches. Goes out: a loss and what is logged of it. Step number k sees the same batch and
learning rate whether or not the run was stopped before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import lightning
import numpy as np
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from timbrespace.augment import Augmentation
from timbrespace.models import IGNORED, Encoder, Head
from timbrespace.training.batches import Batch, Batches
from timbrespace.training.schedule import Schedule


@dataclass(frozen=True)
class Task:
    """What the embedding must tell.

    Attributes:
        head: says how badly it does.
        weight: of the head's loss in the sum of all.
    """

    head: Head
    weight: float


class EncoderTraining(lightning.LightningModule):
    """Encoder and heads under one loss.

    Args:
        encoder: what is trained, and kept.
        tasks: by the name of the target in each batch; their heads are dropped when training ends.
        batches: the run's batches.
        schedule: learning rate and length.
        augmentation: effects on the examples.
        seed: of the effects.
    """

    def __init__(
        self,
        encoder: Encoder,
        tasks: Mapping[str, Task],
        batches: Batches,
        schedule: Schedule,
        *,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.heads = nn.ModuleDict({name: task.head for name, task in tasks.items()})
        self._tasks, self._batches, self._schedule = dict(tasks), batches, schedule
        self._augmentation, self._seed = augmentation, seed
        self.total_steps = schedule.total_steps(batches.steps_per_epoch)

    def training_step(self, batch: Batch) -> Tensor:
        """Loss of one batch; a scalar."""
        embedding = self.encoder(self._changed(batch))
        losses = [
            task.weight * self._task_loss(name, task.head, embedding, batch.targets[name])
            for name, task in self._tasks.items()
        ]
        loss = torch.stack(losses).sum()
        self.log("loss", loss.detach())
        return loss

    @torch.no_grad()
    def pooled_examples(self, n_batches: int) -> tuple[Tensor, Tensor]:
        """What the encoder, in evaluation mode, pools of the first examples of the run.

        Args:
            n_batches: how many batches of examples.

        Returns:
            (examples, encoder.pooling.out_features), and each one's instrument; on the CPU.
        """
        self.encoder.eval()
        vectors, instruments = [], []
        for step in range(n_batches):
            batch = self._batches.batch(step).to(self.device)
            vectors.append(self.encoder.pool(self._changed(batch)).cpu())
            instruments.append(batch.targets["instrument"].cpu())
        return torch.cat(vectors), torch.cat(instruments)

    def _changed(self, batch: Batch) -> Tensor:
        """The batch's waveforms with effects, which depend on seed and step only."""
        return self._augmentation(
            batch.waveform,
            sample_rate_hz=self._batches.sample_rate_hz,
            rng=np.random.default_rng([self._seed, 2, batch.step]),
        )

    def _task_loss(self, name: str, head: Head, embedding: Tensor, target: Tensor) -> Tensor:
        loss: Tensor = head(embedding, target)
        with torch.no_grad():
            known = target != IGNORED
            hits = head.scores(embedding).argmax(dim=1) == target
            self.log(f"{name}_loss", loss.detach())
            self.log(f"{name}_accuracy", hits.sum() / known.sum().clamp(min=1))
        return loss

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        """Adam, its learning rate set before each step."""
        optimizer = torch.optim.Adam(
            self.parameters(),
            lr=self._schedule.learning_rate,
            betas=self._schedule.betas,
            weight_decay=self._schedule.weight_decay,
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(
            optimizer,
            lambda step: (
                self._schedule.learning_rate_at(step, self.total_steps)
                / self._schedule.learning_rate
            ),
        )
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": scheduler, "interval": "step"},
        }

    def train_dataloader(self) -> IterableDataset[Batch]:
        """The batches from the step where the run stands."""
        return _BatchesFrom(self, self._batches)

    def transfer_batch_to_device(
        self, batch: Batch, device: torch.device, dataloader_idx: int
    ) -> Batch:
        """Move one batch."""
        return batch.to(device)


class _BatchesFrom(IterableDataset[Batch]):
    """One pass from the trainer's step to the run's last: the whole run is one Lightning epoch."""

    def __init__(self, training: EncoderTraining, batches: Batches) -> None:
        self._training, self._batches = training, batches

    def __iter__(self) -> Iterator[Batch]:
        for step in range(self._training.global_step, self._training.total_steps):
            yield self._batches.batch(step)
