"""Embed waveforms of any lengths in batches.

Comes in: mono waveforms at the encoder's rate. Goes out: (n, dimensions) float32, unit length, in
the order that came. A sound longer than a window is cut into windows of equal length, and its
embedding is the mean of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from timbrespace.errors import InputError
from timbrespace.models.checks import check_positive

if TYPE_CHECKING:
    from timbrespace.models.encoder import Encoder

Waveform = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]

BATCH_S = 32.0  # eight 4 s notes: larger batches are slower, their activations leave the caches
_WINDOW_S = 10.0


def embed_waveforms(
    encoder: Encoder, waveforms: Sequence[Waveform], *, batch_s: float = BATCH_S
) -> Vectors:
    """Embed each waveform.

    Args:
        encoder: in evaluation mode; the device it is on is used.
        waveforms: each (samples,), at `encoder.sample_rate_hz`, of any length >= 1.
        batch_s: seconds of sound that are computed at once.

    Returns:
        (n, dimensions), each row of unit length.

    Raises:
        ConfigError: `batch_s` is not above 0.
        InputError: a waveform is empty or not one-dimensional, or the encoder is in training mode.
    """
    _check(encoder, waveforms, batch_s)
    windows: list[Waveform] = []
    owner: list[int] = []
    for number, waveform in enumerate(waveforms):
        parts = _windows(waveform, round(_WINDOW_S * encoder.sample_rate_hz))
        windows.extend(parts)
        owner.extend([number] * len(parts))
    vectors = np.zeros((len(waveforms), encoder.embedding_size), np.float32)
    np.add.at(vectors, owner, _unit(_embed_windows(encoder, windows, batch_s)))
    return _unit(vectors)


def raw_embeddings(
    encoder: Encoder, waveforms: Sequence[Waveform], *, batch_s: float = BATCH_S
) -> Vectors:
    """What the encoder gives for each waveform's first window, not brought to unit length.

    Args:
        encoder: as in `embed_waveforms`.
        waveforms: as in `embed_waveforms`; of a longer one ten seconds are heard.
        batch_s: as in `embed_waveforms`.

    Returns:
        (n, dimensions).

    Raises:
        ConfigError: as `embed_waveforms`.
        InputError: as `embed_waveforms`.
    """
    _check(encoder, waveforms, batch_s)
    longest = round(_WINDOW_S * encoder.sample_rate_hz)
    return _embed_windows(encoder, [waveform[:longest] for waveform in waveforms], batch_s)


def _check(encoder: Encoder, waveforms: Sequence[Waveform], batch_s: float) -> None:
    check_positive(batch_s=batch_s)
    if encoder.training:
        raise InputError("embedding needs an encoder in evaluation mode: call encoder.eval().")
    for number, waveform in enumerate(waveforms):
        if waveform.ndim != 1 or not len(waveform):
            raise InputError(
                f"waveform {number} must be (samples,) with at least one; got {waveform.shape}."
            )


def _windows(waveform: Waveform, n_samples: int) -> list[Waveform]:
    return np.array_split(waveform, math.ceil(len(waveform) / n_samples))


def _embed_windows(encoder: Encoder, windows: Sequence[Waveform], batch_s: float) -> Vectors:
    """Alike lengths share a batch, so that little is padded."""
    vectors = np.empty((len(windows), encoder.embedding_size), np.float32)
    order = np.argsort([len(window) for window in windows], kind="stable")[::-1]
    first = 0
    while first < len(order):
        longest = len(windows[order[first]])
        size = max(1, int(batch_s * encoder.sample_rate_hz / longest))
        chosen = order[first : first + size]
        vectors[chosen] = _embed_batch(encoder, [windows[index] for index in chosen])
        first += size
    return vectors


def _embed_batch(encoder: Encoder, windows: Sequence[Waveform]) -> Vectors:
    lengths = [len(window) for window in windows]
    padded = np.zeros((len(windows), max(lengths)), np.float32)
    for row, window in zip(padded, windows, strict=True):
        row[: len(window)] = window
    device = next(encoder.parameters()).device
    n_samples = None if min(lengths) == max(lengths) else torch.tensor(lengths, device=device)
    with torch.inference_mode():
        embedding = encoder(torch.from_numpy(padded).to(device), n_samples)
    return np.asarray(embedding.float().cpu().numpy(), dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
