"""The training step: an encoder, effects on what it hears, and the tasks that it must solve.

Comes in: batches. Goes out: a loss and what is logged of it. Step number k sees the same batch and
learning rate whether or not the run was stopped before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

import lightning
import numpy as np
import torch
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn
from torch.utils.data import IterableDataset

from timbrespace.augment import Augmentation, Mixed, Mixup
from timbrespace.models import IGNORED, Encoder, Head
from timbrespace.training.batches import Batch, Batches
from timbrespace.training.schedule import Schedule

NO_MIXUP = Mixup()


class Movable(Protocol):
    """A batch of any kind."""

    def to(self, device: torch.device) -> Self:
        """The same batch on `device`."""


BatchT = TypeVar("BatchT", bound=Movable)
BatchT_co = TypeVar("BatchT_co", bound=Movable, covariant=True)


class NumberedBatches(Protocol[BatchT_co]):
    """All batches of a run; number k is a pure function of the seed and k.

    Attributes:
        steps_per_epoch: batches after which every sound began an example.
    """

    steps_per_epoch: int

    def batch(self, step: int) -> BatchT_co:
        """Batch number `step`, counted from the start of the run."""


@dataclass(frozen=True)
class Task:
    """What the embedding must tell.

    Attributes:
        head: says how badly it does.
        weight: of the head's loss in the sum of all.
    """

    head: Head
    weight: float


class StepTraining(lightning.LightningModule, Generic[BatchT]):
    """What every training shares: batches by their number, and Adam under a schedule.

    Args:
        batches: the run's batches.
        schedule: learning rate and length.
    """

    def __init__(self, batches: NumberedBatches[BatchT], schedule: Schedule) -> None:
        super().__init__()
        self._numbered, self._schedule = batches, schedule
        self.total_steps = schedule.total_steps(batches.steps_per_epoch)

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

    def train_dataloader(self) -> IterableDataset[BatchT]:
        """The batches from the step where the run stands."""
        return _BatchesFrom(self, self._numbered)

    def transfer_batch_to_device(
        self, batch: BatchT, device: torch.device, dataloader_idx: int
    ) -> BatchT:
        """Move one batch."""
        return batch.to(device)


class _BatchesFrom(IterableDataset[BatchT]):
    """One pass from the trainer's step to the run's last: the whole run is one Lightning epoch."""

    def __init__(self, training: StepTraining[BatchT], batches: NumberedBatches[BatchT]) -> None:
        self._training, self._batches = training, batches

    def __iter__(self) -> Iterator[BatchT]:
        for step in range(self._training.global_step, self._training.total_steps):
            yield self._batches.batch(step)


class EncoderTraining(StepTraining[Batch]):
    """Encoder and heads under one loss.

    Args:
        encoder: what is trained, and kept.
        tasks: by the name of the target in each batch; their heads are dropped when training ends.
        batches: the run's batches.
        schedule: learning rate and length.
        augmentation: effects on the examples.
        seed: of the effects and the mixing.
        mixup: examples mixed with each other after the effects.
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
        mixup: Mixup = NO_MIXUP,
    ) -> None:
        super().__init__(batches, schedule)
        self.encoder = encoder
        self.heads = nn.ModuleDict({name: task.head for name, task in tasks.items()})
        self._tasks, self._batches = dict(tasks), batches
        self._augmentation, self._mixup, self._seed = augmentation, mixup, seed

    def training_step(self, batch: Batch) -> Tensor:
        """Loss of one batch; a scalar."""
        rng = np.random.default_rng([self._seed, 3, batch.step])
        mixed = self._mixup(self._changed(batch), rng)
        embedding = self.encoder(mixed.waveform)
        losses = [
            task.weight * self._task_loss(name, task.head, embedding, batch.targets[name], mixed)
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

    def _task_loss(
        self, name: str, head: Head, embedding: Tensor, target: Tensor, mixed: Mixed
    ) -> Tensor:
        loss: Tensor = head(embedding, target)
        if mixed.share < 1:
            loss = mixed.share * loss + (1 - mixed.share) * head(embedding, target[mixed.partner])
        with torch.no_grad():
            known = target != IGNORED
            hits = head.scores(embedding).argmax(dim=1) == target
            self.log(f"{name}_loss", loss.detach())
            self.log(f"{name}_accuracy", hits.sum() / known.sum().clamp(min=1))
        return loss
