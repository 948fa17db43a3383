"""Training batches: batch number k is a pure function of the seed and k.

Comes in: a store of notes and the class of each. Goes out: `Batch`, waveforms of one length. That
a batch depends on nothing that came before is what lets a run that was killed go on to the same
weights, bit for bit, without saving the state of any sampler.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from timbrespace.augment import fill_with_notes
from timbrespace.errors import ConfigError
from timbrespace.training.store import WaveformStore

Classes = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How notes become training examples.

    Attributes:
        batch_size: examples in a batch.
        min_s: shortest example; the length is drawn once for a batch.
        max_s: longest example.
        concatenation: share of examples that join notes of one instrument; the rest are single
            notes (Shi et al. 2022 mix both equally).
        short_notes: what follows a single note that is shorter than the example: silence, or the
            note again.
    """

    batch_size: int = 32
    min_s: float = 3.0
    max_s: float = 5.0
    concatenation: float = 0.5
    short_notes: Literal["pad", "repeat"] = "pad"

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.batch_size < 2:
            raise ConfigError(f"sampling.batch_size must be >= 2, got {self.batch_size}.")
        if not 0.1 <= self.min_s <= self.max_s:
            raise ConfigError(
                f"sampling needs 0.1 <= min_s <= max_s, got {self.min_s:g} and {self.max_s:g}."
            )
        if not 0 <= self.concatenation <= 1:
            raise ConfigError(
                f"sampling.concatenation must be in [0, 1], got {self.concatenation:g}."
            )


@dataclass(frozen=True)
class Batch:
    """Examples of one length.

    Attributes:
        waveform: (batch, samples) float32.
        instrument: (batch,) int64 class.
        family: (batch,) int64 class; `IGNORED` where it is not known.
    """

    waveform: Tensor
    instrument: Tensor
    family: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same batch on `device`."""
        return Batch(
            self.waveform.to(device, non_blocking=True),
            self.instrument.to(device, non_blocking=True),
            self.family.to(device, non_blocking=True),
        )


class Batches:
    """All batches of a run: every note starts one example in each epoch.

    Args:
        store: packed notes.
        instrument: (notes,) class of each note of the store.
        family: (notes,) class of each note, or `IGNORED`.
        sampling: how notes become examples.
        seed: the run's seed.

    Raises:
        ConfigError: there are fewer notes than a batch holds.
    """

    def __init__(
        self,
        store: WaveformStore,
        instrument: Classes,
        family: Classes,
        *,
        sampling: Sampling,
        seed: int,
    ) -> None:
        if len(store) < sampling.batch_size:
            raise ConfigError(
                f"sampling.batch_size is {sampling.batch_size}, but there are {len(store)} notes."
            )
        self.steps_per_epoch = len(store) // sampling.batch_size
        self._store, self._sampling, self._seed = store, sampling, seed
        self._instrument, self._family = instrument, family
        order = np.argsort(instrument, kind="stable")
        self._by_instrument = order
        self._first = np.searchsorted(instrument[order], np.arange(instrument.max() + 2))

    def batch(self, step: int) -> Batch:
        """Batch number `step`, counted from the start of the run."""
        epoch, index = divmod(step, self.steps_per_epoch)
        size = self._sampling.batch_size
        order = np.random.default_rng([self._seed, 0, epoch]).permutation(len(self._store))
        chosen = order[index * size : (index + 1) * size]
        rng = np.random.default_rng([self._seed, 1, step])
        seconds = rng.uniform(self._sampling.min_s, self._sampling.max_s)
        samples = np.zeros((size, round(seconds * self._store.sample_rate_hz)), np.int16)
        for row, note in zip(samples, chosen, strict=True):
            fill_with_notes(row, self._notes(int(note), rng))
        return Batch(
            torch.from_numpy(samples).float() / 32768,
            torch.from_numpy(self._instrument[chosen]),
            torch.from_numpy(self._family[chosen]),
        )

    def _notes(self, note: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int16]]:
        """The notes of one example: endless where more may follow the first."""
        yield self._store.note(note)
        instrument = self._instrument[note]
        mates = self._by_instrument[self._first[instrument] : self._first[instrument + 1]]
        concatenate = rng.random() < self._sampling.concatenation
        while concatenate:
            yield self._store.note(int(rng.choice(mates)))
        while self._sampling.short_notes == "repeat":
            yield self._store.note(note)
