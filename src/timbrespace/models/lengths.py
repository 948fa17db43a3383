"""Batches of unequal lengths: each item gives what it would give alone.

Comes in: tensors padded to the longest item, and the count of each item. Goes out: masks, counts,
and waveforms padded at each item's own end.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def is_within(counts: Tensor, total: int) -> Tensor:
    """True at the positions of each item that hold something; (batch, total).

    Example:
        >>> is_within(torch.tensor([1, 3]), 3)
        tensor([[ True, False, False],
                [ True,  True,  True]])
    """
    return torch.arange(total, device=counts.device) < counts[:, None]


def reflect_ends(waveform: Tensor, margin: int, n_samples: Tensor | None = None) -> Tensor:
    """Add `margin` samples before each item's start and after its end, mirrored there.

    Args:
        waveform: (batch, samples), more than `margin` samples.
        margin: samples to add on either side.
        n_samples: samples of each item, more than `margin`; (batch,). None if all are full.

    Returns:
        (batch, samples + 2 * margin); past an item's end and margin it holds anything.

    Example:
        >>> reflect_ends(torch.tensor([[1, 2, 3, 0]]), 2, torch.tensor([3]))
        tensor([[3, 2, 1, 2, 3, 2, 1, 2]])
    """
    if n_samples is None:
        return nn.functional.pad(waveform[:, None], (margin, margin), mode="reflect")[:, 0]
    position = torch.arange(-margin, waveform.shape[1] + margin, device=waveform.device).abs()
    last = n_samples[:, None] - 1
    return waveform.gather(1, (last - (last - position).abs()).abs())


def centred(
    waveform: Tensor, n_samples: Tensor | None, *, frame_samples: int, hop_samples: int
) -> tuple[Tensor, Tensor | None]:
    """Pad waveforms so that the first frame is centred on the first sample, and count frames.

    An item of `frame_samples // 2` samples or fewer has nothing to mirror so far: it counts as
    one that goes on in silence.

    Args:
        waveform: (batch, samples).
        n_samples: samples of each item; (batch,). None if all are full.
        frame_samples: length of a frame.
        hop_samples: from one frame to the next.

    Returns:
        The padded waveform, (batch, samples + 2 * (frame_samples // 2)), and the count of frames
        of each item (batch,), None if all are full.
    """
    margin = frame_samples // 2
    missing = margin + 1 - waveform.shape[1]
    waveform = nn.functional.pad(waveform, (0, max(0, missing)))
    if n_samples is None:
        return reflect_ends(waveform, margin), None
    n_samples = n_samples.clamp(min=margin + 1)
    n_frames = (n_samples + 2 * margin - frame_samples) // hop_samples + 1
    return reflect_ends(waveform, margin, n_samples), n_frames
