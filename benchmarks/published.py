"""The model of Shi et al. 2022 written plainly: float32, eager, default memory layout.

What a reader of the paper would get: filters made anew for each batch, a convolution over all of
them, ResNet34, a dictionary pooling that holds (batch, frames, centres, features). It is what
the speed of `timbrespace` is measured against. Its weights are taken from one of ours, in order.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from timbrespace.models import Encoder


class PlainSinc(nn.Module):
    """122 band-pass filters of 50 ms, one output each 12 ms."""

    def __init__(self, sample_rate_hz: int = 16_000, n_bands: int = 122) -> None:
        super().__init__()
        self.low_hz = nn.Parameter(torch.zeros(n_bands))
        self.width_hz = nn.Parameter(torch.zeros(n_bands))
        self.sample_rate_hz, self.n_taps, self.hop = sample_rate_hz, 801, 192

    def forward(self, waveform: Tensor) -> Tensor:
        low = 5.0 + self.low_hz.abs()
        high = (low + 5.0 + self.width_hz.abs()).clamp(5.0, self.sample_rate_hz / 2)
        half = self.n_taps // 2
        times = 2 * math.pi * torch.arange(-half, 0).view(1, -1) / self.sample_rate_hz
        steps = torch.linspace(0, self.n_taps / 2 - 1, steps=half)
        window = 0.54 - 0.46 * torch.cos(2 * math.pi * steps / self.n_taps)
        sines = torch.sin(high[:, None] * times) - torch.sin(low[:, None] * times)
        left = sines / (times / 2) * window
        middle = 2 * (high - low)[:, None]
        filters = torch.cat([left, middle, left.flip(1)], 1) / middle
        padded = nn.functional.pad(waveform[:, None], (half, half), mode="reflect")
        return nn.functional.conv1d(padded, filters[:, None], stride=self.hop)


class PlainBlock(nn.Module):
    """Two convolutions and the shortcut."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_out)
        self.downsample = (
            nn.Sequential(nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))
            if stride != 1 or n_in != n_out
            else None
        )

    def forward(self, image: Tensor) -> Tensor:
        identity = image if self.downsample is None else self.downsample(image)
        image = torch.relu(self.bn1(self.conv1(image)))
        return torch.relu(self.bn2(self.conv2(image)) + identity)


class PlainDictionary(nn.Module):
    """Learnable dictionary encoding with the full tensor of residuals."""

    def __init__(self, n_centres: int = 8, n_features: int = 128) -> None:
        super().__init__()
        self.centres = nn.Parameter(torch.zeros(n_centres, n_features))
        self.scale = nn.Parameter(torch.ones(n_centres))

    def forward(self, frames: Tensor) -> Tensor:
        residual = frames[:, :, None] - self.centres  # (batch, frames, centres, features)
        shares = torch.softmax(-(self.scale**2) * (residual**2).sum(3), dim=2)
        weights = shares / (shares.sum(1, keepdim=True) + 1e-9)
        return (weights[..., None] * residual).sum(1).flatten(1)


class PlainEncoder(nn.Module):
    """Waveforms (batch, samples) to embeddings (batch, 512)."""

    def __init__(self) -> None:
        super().__init__()
        self.sinc = PlainSinc()
        self.conv1 = nn.Conv2d(1, 16, 7, 1, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks: list[nn.Module] = []
        n_in = 16
        for count, n_out in zip((3, 4, 6, 3), (16, 32, 64, 128), strict=True):
            for index in range(count):
                blocks.append(PlainBlock(n_in, n_out, 2 if index == 0 and n_out > 16 else 1))
                n_in = n_out
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AvgPool2d((1, 10))
        self.dictionary = PlainDictionary()
        self.fc = nn.Linear(1024, 512)
        self.bn = nn.BatchNorm1d(512)

    def forward(self, waveform: Tensor) -> Tensor:
        image = self.sinc(waveform).transpose(1, 2)[:, None]  # (batch, 1, frames, bands)
        image = self.blocks(torch.relu(self.bn1(self.conv1(image))))
        frames = self.pool(image)[..., 0].transpose(1, 2)  # (batch, frames, 128)
        return self.bn(self.fc(self.dictionary(frames)))


def plain_copy(encoder: Encoder) -> PlainEncoder:
    """The plain model with the weights of ours (recipe shi2022-base), taken in order."""
    plain = PlainEncoder()
    names, values = plain.state_dict().keys(), encoder.state_dict().values()
    plain.load_state_dict(dict(zip(names, values, strict=True)))
    return plain
