"""Training clips: batch number k is a pure function of the seed and k.

Comes in: excerpts. Goes out: `ClipBatch`. Every excerpt gives one clip in each epoch, from anywhere
in it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from timbrespace.errors import ConfigError
from timbrespace.tagging.excerpts import Excerpts, Rows


@dataclass(frozen=True)
class ClipBatch:
    """Clips of one length.

    Attributes:
        waveform: (batch, samples) float32.
        truth: 1 where a class leads; (batch, classes) float32.
        known: where that is known; (batch, classes) bool.
        step: the batch's number, from which effects draw.
    """

    waveform: Tensor
    truth: Tensor
    known: Tensor
    step: int

    def to(self, device: torch.device) -> ClipBatch:
        """The same batch on `device`."""
        waveform, truth, known = (
            part.to(device, non_blocking=True) for part in (self.waveform, self.truth, self.known)
        )
        return ClipBatch(waveform, truth, known, self.step)


class ClipBatches:
    """All batches of a run.

    Args:
        excerpts: packed.
        chosen: numbers of those to train on.
        clip_s: length of a clip; a shorter excerpt is repeated.
        batch_size: clips in a batch; all excerpts where they are fewer.
        seed: the run's seed.

    Attributes:
        steps_per_epoch: batches of an epoch.

    Raises:
        ConfigError: there are fewer than two excerpts.
    """

    def __init__(
        self, excerpts: Excerpts, chosen: Rows, *, clip_s: float, batch_size: int, seed: int
    ) -> None:
        if len(chosen) < 2:
            raise ConfigError(f"training needs 2 labelled excerpts or more, got {len(chosen)}.")
        self._size = min(batch_size, len(chosen))
        self.steps_per_epoch = len(chosen) // self._size
        self._excerpts, self._chosen, self._seed = excerpts, chosen, seed
        self._n_samples = round(clip_s * excerpts.store.sample_rate_hz)
        self._order = functools.lru_cache(maxsize=1)(self._shuffled)

    def batch(self, step: int) -> ClipBatch:
        """Batch number `step`, counted from the start of the run."""
        epoch, index = divmod(step, self.steps_per_epoch)
        chosen = self._order(epoch)[index * self._size : (index + 1) * self._size]
        rng = np.random.default_rng([self._seed, 1, step])
        samples = np.empty((len(chosen), self._n_samples), np.int16)
        for row, number in zip(samples, chosen, strict=True):
            excerpt = self._excerpts.store.note(int(number))
            start = rng.integers(max(1, len(excerpt) - self._n_samples + 1))
            row[:] = np.resize(excerpt[start : start + self._n_samples], self._n_samples)
        return ClipBatch(
            torch.from_numpy(samples).float() / 32768,
            torch.from_numpy(self._excerpts.truth[chosen]).float(),
            torch.from_numpy(self._excerpts.known[chosen]),
            step,
        )

    def _shuffled(self, epoch: int) -> Rows:
        """All chosen excerpts, in the order of an epoch."""
        return np.random.default_rng([self._seed, 0, epoch]).permutation(self._chosen)
