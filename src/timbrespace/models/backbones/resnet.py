"""A residual network over frames seen as an image of time by frequency.

Comes in: frames (batch, frames, bands). Goes out: frames (batch, frames', channels[-1]), where
frames' is fewer by the stem's stride and by 2 for each stage after the first. Computed with
channels last in memory, which is quicker on a CPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

from timbrespace.errors import ConfigError, InputError
from timbrespace.models.base import Backbone
from timbrespace.models.lengths import is_within

FrequencyPool = Literal["published", "mean"]

_PUBLISHED_COLUMNS = 10
_MOST_BLOCKS = 256
_FEWEST_CHANNELS = 16  # with fewer, torch 2.13 dies in the backward pass of a strided 1×1


class ResNet(Backbone):
    """Residual network of basic blocks; as it stands, the ResNet34 of Shi et al. 2022.

    Args:
        blocks: blocks in each stage.
        channels: channels of each stage; the first stage keeps the resolution, each other halves
            time and frequency.
        stem_stride: of the first convolution, 7×7; 1 as published, 2 costs a quarter.
        frequency_pool: "published" averages the first 10 columns of frequency that remain (all of
            them with 80 bands, but 10 of 16 with 122) and drops the rest; "mean" averages all.

    In training, batch normalisation counts the frames past an item's count as zeros: train on
    items of one length.

    Raises:
        ConfigError: blocks and channels do not pair up, or a number is too small.

    Source: He et al. 2016, arXiv:1512.03385; widths of Shi et al. 2022,
    doi:10.1109/TASLP.2022.3140549.
    """

    def __init__(
        self,
        *,
        blocks: Sequence[int] = (3, 4, 6, 3),
        channels: Sequence[int] = (16, 32, 64, 128),
        stem_stride: int = 1,
        frequency_pool: FrequencyPool = "mean",
    ) -> None:
        super().__init__()
        _check(blocks, channels, stem_stride)
        self.blocks = list(blocks)
        self.channels = list(channels)
        self.stem_stride = stem_stride
        self.frequency_pool: FrequencyPool = frequency_pool
        self.n_features = channels[-1]
        self.stem = NormedConvolution(1, channels[0], 7, stem_stride)
        self.stages = nn.ModuleList(_stages(blocks, channels))
        nn.utils.convert_conv2d_weight_memory_format(self, torch.channels_last)

    def forward(
        self, frames: Tensor, n_frames: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Frames (batch, frames', channels[-1]) and their counts.

        Raises:
            InputError: the published pooling, and fewer than 10 columns remain.
        """
        image = _masked(frames[:, None], n_frames)  # (batch, 1, frames, bands)
        n_frames = _strided(n_frames, self.stem_stride)
        image = _masked(self.stem(image).relu_(), n_frames)
        for block in self.stages:
            image, n_frames = block(image, n_frames)
        return self._pool_frequency(image).transpose(1, 2), n_frames

    def _pool_frequency(self, image: Tensor) -> Tensor:
        if self.frequency_pool == "mean":
            return image.mean(3)
        if image.shape[3] < _PUBLISHED_COLUMNS:
            raise InputError(
                f"the published pooling needs {_PUBLISHED_COLUMNS} columns of frequency, "
                f"{image.shape[3]} remain; give more bands or frequency_pool='mean'."
            )
        return image[..., :_PUBLISHED_COLUMNS].mean(3)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions around which the image also goes straight on."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.first = NormedConvolution(n_in, n_out, 3, stride)
        self.second = NormedConvolution(n_out, n_out, 3, 1)
        resized = stride != 1 or n_in != n_out
        self.shortcut = NormedConvolution(n_in, n_out, 1, stride) if resized else nn.Identity()

    def forward(self, image: Tensor, n_frames: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Image (batch, n_out, frames', bands') and counts; frames past the count are 0."""
        n_frames = _strided(n_frames, self.stride)
        inner = _masked(self.first(image).relu_(), n_frames)
        outer = self.second(inner).add_(self.shortcut(image)).relu_()
        return _masked(outer, n_frames), n_frames


class NormedConvolution(nn.Module):
    """Convolution that keeps the size (before its stride), then batch normalisation.

    In evaluation the normalisation is folded into the weights: one pass over memory, not two.
    """

    def __init__(self, n_in: int, n_out: int, size: int, stride: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(n_in, n_out, size, stride, padding=size // 2, bias=False)
        self.normalisation = nn.BatchNorm2d(n_out)

    def forward(self, image: Tensor) -> Tensor:
        """Image (batch, n_out, frames', bands')."""
        if self.training:
            normalised: Tensor = self.normalisation(self.convolution(image))
            return normalised
        weight, bias = self._folded()
        return nn.functional.conv2d(
            image, weight, bias, self.convolution.stride, self.convolution.padding
        )

    def _folded(self) -> tuple[Tensor, Tensor]:
        norm = self.normalisation
        mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
        gain = norm.weight / (variance + norm.eps).sqrt()
        weight = self.convolution.weight * gain[:, None, None, None]
        return weight, norm.bias - mean * gain


def _check(blocks: Sequence[int], channels: Sequence[int], stem_stride: int) -> None:
    if sum(blocks) > _MOST_BLOCKS:
        raise ConfigError(f"a ResNet has at most {_MOST_BLOCKS} blocks in all, got {sum(blocks)}.")
    if not blocks or len(blocks) != len(channels) or min(*blocks, stem_stride) < 1:
        raise ConfigError(
            "a ResNet needs stem_stride >= 1, and one number of blocks >= 1 and of channels for "
            f"each stage; got {stem_stride}, {list(blocks)} and {list(channels)}."
        )
    if min(channels) < _FEWEST_CHANNELS:
        raise ConfigError(f"channels must be >= {_FEWEST_CHANNELS} each, got {list(channels)}.")


def _stages(blocks: Sequence[int], channels: Sequence[int]) -> list[BasicBlock]:
    widths = pairwise([channels[0], *channels])
    return [
        BasicBlock(n_in if block == 0 else n_out, n_out, 2 if block == 0 and stage > 0 else 1)
        for stage, (count, (n_in, n_out)) in enumerate(zip(blocks, widths, strict=True))
        for block in range(count)
    ]


def _strided(n_frames: Tensor | None, stride: int) -> Tensor | None:
    """Frames left by a convolution that is padded to keep its input's length."""
    return None if n_frames is None else (n_frames + stride - 1) // stride


def _masked(image: Tensor, n_frames: Tensor | None) -> Tensor:
    """The image with 0 past each item's frames, as the convolution's padding would have it."""
    if n_frames is None:
        return image
    return image.masked_fill(~is_within(n_frames, image.shape[2])[:, None, :, None], 0.0)
