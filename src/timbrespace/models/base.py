"""The four kinds of part that an encoder is trained from, and what each takes and gives.

    waveform (batch, samples) → Frontend → frames (batch, frames, bands)
                              → Backbone → frames (batch, frames, features)
                              → Pooling  → one vector per sound (batch, out_features)
    embedding (batch, size)   → Head     → loss

Unequal lengths: beside the tensor goes a count per item, or None where every item is full. Frames
at and past an item's count hold anything; who reads frames masks them.

Settings: each part keeps each constructor argument as an attribute of the same name, so that
`settings` can say how to build it again.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor, nn

IGNORED = -100
"""Target of an item whose class is unknown: it has no part in a head's loss."""


class Part(nn.Module, ABC):
    """A module that can say how to build it again."""

    def settings(self) -> dict[str, Any]:
        """The constructor's arguments by name; `type(part)(**part.settings())` is the same part."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}


class Frontend(Part):
    """Waveform to frames.

    Attributes:
        sample_rate_hz: rate of the waveforms that it takes.
        n_bands: values in each frame that it gives.
    """

    sample_rate_hz: int
    n_bands: int

    @abstractmethod
    def forward(
        self, waveform: Tensor, n_samples: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames of each waveform.

        Args:
            waveform: (batch, samples) float32, at `sample_rate_hz`, zero past each item's count.
            n_samples: samples of each item, at least 1; (batch,). None if all are full.

        Returns:
            Frames (batch, frames, n_bands) and the count of each item's (batch,), None if all are
            full.
        """


class Backbone(Part):
    """Frames to frames that know their neighbours.

    Attributes:
        n_features: values in each frame that it gives.
    """

    n_features: int

    @abstractmethod
    def forward(
        self, frames: Tensor, n_frames: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames', n_features) and their counts, from (batch, frames, bands)."""


class Pooling(Part):
    """Frames of any number to one vector.

    Attributes:
        n_features: values in each frame that it takes.
        out_features: values in the vector that it gives.
    """

    n_features: int
    out_features: int

    @abstractmethod
    def forward(self, frames: Tensor, n_frames: Tensor | None = None) -> Tensor:
        """Vectors (batch, out_features), from (batch, frames, n_features)."""


class Head(nn.Module, ABC):
    """Embedding to the loss of telling classes apart; used in training only.

    Attributes:
        embedding_size: values in each embedding.
        n_classes: classes to tell apart.
    """

    embedding_size: int
    n_classes: int

    @abstractmethod
    def forward(self, embedding: Tensor, target: Tensor) -> Tensor:
        """Mean loss over the items whose target is known; 0 if none is.

        Args:
            embedding: (batch, embedding_size).
            target: class of each item, `IGNORED` where unknown; (batch,) int64.
        """

    @abstractmethod
    def scores(self, embedding: Tensor) -> Tensor:
        """Score of each class without any margin, higher is likelier; (batch, n_classes)."""
