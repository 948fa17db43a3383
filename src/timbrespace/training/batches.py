"""Training batches: batch number k is a pure function of the seed and k.

Comes in: a store of notes and the classes of each. Goes out: `Batch`, waveforms of one length. That
a batch depends on nothing that came before is what lets a run that was killed go on to the same
weights, bit for bit, without saving the state of any sampler.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from timbrespace.augment import fill_with_notes, piece_of
from timbrespace.augment.effects import read_at
from timbrespace.errors import ConfigError
from timbrespace.training.store import WaveformStore

Classes = npt.NDArray[np.int64]

SPEED_TASKS = ("instrument", "kind")
"""Tasks whose classes are others at another speed."""

_READ_MARGIN = 4
_PIECE_S = 0.08, 0.8
_WITHOUT_ATTACK = 0.3
_FADE_S = 0.01


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How notes become training examples.

    Attributes:
        batch_size: examples in a batch.
        min_s: shortest example; the length is drawn once for a batch.
        max_s: longest example.
        concatenation: share of examples that join notes of one instrument; the rest are single
            notes (Shi et al. 2022 mix both equally).
        pieces: share of the joined examples that take short pieces of their notes, as staccato,
            legato, repeated notes and phrases have them.
        short_notes: what follows a single note that is shorter than the example: silence, or the
            note again.
        start: where an example begins in its first note: at the note's start, or anywhere in the
            part of it that leaves the example full.
        speeds: at which examples are played, pitch and tempo together. Each makes new instruments
            and kinds: a trumpet at 0.8 is a class of its own (as speakers are augmented by
            Yamamoto et al., Interspeech 2019).
    """

    batch_size: int = 32
    min_s: float = 3.0
    max_s: float = 5.0
    concatenation: float = 0.5
    pieces: float = 0.0
    short_notes: Literal["pad", "repeat"] = "pad"
    start: Literal["note", "random"] = "note"
    speeds: Sequence[float] = (1.0,)

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.batch_size < 2:
            raise ConfigError(f"sampling.batch_size must be >= 2, got {self.batch_size}.")
        if not 0.1 <= self.min_s <= self.max_s:
            raise ConfigError(
                f"sampling needs 0.1 <= min_s <= max_s, got {self.min_s:g} and {self.max_s:g}."
            )
        for name, share in {"concatenation": self.concatenation, "pieces": self.pieces}.items():
            if not 0 <= share <= 1:
                raise ConfigError(f"sampling.{name} must be in [0, 1], got {share:g}.")
        if not self.speeds or not all(0.25 <= speed <= 4 for speed in self.speeds):
            raise ConfigError(
                f"sampling.speeds must be one or more from 0.25 to 4, got {list(self.speeds)}."
            )


@dataclass(frozen=True)
class Batch:
    """Examples of one length.

    Attributes:
        waveform: (batch, samples) float32.
        targets: for each task the classes, `IGNORED` where not known; (batch,) int64 each.
        step: the batch's number, from which effects draw.
    """

    waveform: Tensor
    targets: dict[str, Tensor]
    step: int

    def to(self, device: torch.device) -> Batch:
        """The same batch on `device`."""
        targets = {
            task: target.to(device, non_blocking=True) for task, target in self.targets.items()
        }
        return Batch(self.waveform.to(device, non_blocking=True), targets, self.step)


class Batches:
    """All batches of a run: every note starts one example in each epoch.

    Args:
        store: packed notes.
        classes: for each task the class of each note of the store, or `IGNORED`; (notes,) each.
            "instrument" is among them, known for every note: notes of one instrument are joined.
        sampling: how notes become examples.
        seed: the run's seed.

    Raises:
        ConfigError: there are fewer notes than a batch holds.
    """

    def __init__(
        self,
        store: WaveformStore,
        classes: Mapping[str, Classes],
        *,
        sampling: Sampling,
        seed: int,
    ) -> None:
        if len(store) < sampling.batch_size:
            raise ConfigError(
                f"sampling.batch_size is {sampling.batch_size}, but there are {len(store)} notes."
            )
        self.steps_per_epoch = len(store) // sampling.batch_size
        self.sample_rate_hz = store.sample_rate_hz
        self._store, self._sampling, self._seed = store, sampling, seed
        self._order = functools.lru_cache(maxsize=1)(self._shuffled)
        self._classes = dict(classes)
        instrument = self._classes["instrument"]
        self._by_instrument = np.argsort(instrument, kind="stable")
        self._first = np.searchsorted(
            instrument[self._by_instrument], np.arange(instrument.max() + 2)
        )

    def batch(self, step: int) -> Batch:
        """Batch number `step`, counted from the start of the run."""
        epoch, index = divmod(step, self.steps_per_epoch)
        size = self._sampling.batch_size
        chosen = self._order(epoch)[index * size : (index + 1) * size]
        rng = np.random.default_rng([self._seed, 1, step])
        seconds = rng.uniform(self._sampling.min_s, self._sampling.max_s)
        n_samples = round(seconds * self._store.sample_rate_hz)
        if len(self._sampling.speeds) == 1 and self._sampling.speeds[0] == 1:
            return Batch(self._joined(chosen, n_samples, rng), self._targets(chosen), step)
        speed = rng.integers(len(self._sampling.speeds), size=size)
        factor = torch.tensor(self._sampling.speeds)[torch.from_numpy(speed)]
        n_read = math.ceil(n_samples * float(factor.max())) + _READ_MARGIN
        position = 1 + factor[:, None] * torch.arange(n_samples)
        waveform = read_at(self._joined(chosen, n_read, rng), position)
        return Batch(waveform, self._targets(chosen, speed), step)

    def _shuffled(self, epoch: int) -> npt.NDArray[np.int64]:
        """All notes, in the order of an epoch."""
        return np.random.default_rng([self._seed, 0, epoch]).permutation(len(self._store))

    def _joined(
        self, chosen: npt.NDArray[np.int64], n_samples: int, rng: np.random.Generator
    ) -> Tensor:
        """An example for each note; (notes, n_samples)."""
        samples = np.zeros((len(chosen), n_samples), np.int16)
        for row, note in zip(samples, chosen, strict=True):
            fill_with_notes(row, self._notes(int(note), n_samples, rng))
        return torch.from_numpy(samples).float() / 32768

    def _targets(
        self, chosen: npt.NDArray[np.int64], speed: npt.NDArray[np.int64] | None = None
    ) -> dict[str, Tensor]:
        """Classes of each task; those of `SPEED_TASKS` follow each other for each speed."""
        targets = {}
        for task, known in self._classes.items():
            target = known[chosen]
            if speed is not None and task in SPEED_TASKS:
                target = np.where(target < 0, target, target + speed * (known.max() + 1))
            targets[task] = torch.from_numpy(target)
        return targets

    def _notes(
        self, note: int, n_samples: int, rng: np.random.Generator
    ) -> Iterator[npt.NDArray[np.int16]]:
        """The notes of one example: endless where more may follow the first."""
        first = self._store.note(note)
        if self._sampling.start == "random":
            first = first[rng.integers(max(1, len(first) - n_samples + 1)) :]
        joined = rng.random() < self._sampling.concatenation
        cut = joined and rng.random() < self._sampling.pieces
        yield self._piece(first, rng) if cut else first
        instrument = self._classes["instrument"][note]
        mates = self._by_instrument[self._first[instrument] : self._first[instrument + 1]]
        while joined:
            mate = self._store.note(int(rng.choice(mates)))
            yield self._piece(mate, rng) if cut else mate
        while self._sampling.short_notes == "repeat":
            yield first

    def _piece(
        self, note: npt.NDArray[np.int16], rng: np.random.Generator
    ) -> npt.NDArray[np.int16]:
        """A short part of a note: more often with its attack than without."""
        rate = self._store.sample_rate_hz
        n_samples = round(rate * np.exp(rng.uniform(*np.log(_PIECE_S))))
        inside = rng.random() < _WITHOUT_ATTACK
        start = int(rng.integers(max(1, len(note) - n_samples + 1))) if inside else 0
        return piece_of(note, start=start, n_samples=n_samples, fade_samples=round(rate * _FADE_S))
