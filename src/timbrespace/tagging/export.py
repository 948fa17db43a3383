"""A tagger as one ONNX file that needs neither this library nor PyTorch.

Comes in: a tagger. Goes out: a file whose graph takes clips and gives probabilities. It was run,
and gave what the tagger gives, before it is there.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from timbrespace.models.export import write_onnx
from timbrespace.tagging.files import tagger_hash
from timbrespace.tagging.tagger import SILENT_PEAK, Tagger


def export_tagger_onnx(tagger: Tagger, path: str | Path) -> None:
    """Write a tagger as ONNX, whole or not at all.

    The graph takes `clips` (batch, samples) float32 at the tagger's rate, of any level, each as
    long as `clip_s`; the batch is free. It gives `probability` (batch, classes) float32, 0 for a
    silent clip, as `Tagger.probabilities` does. Its metadata hold name, tagger_hash,
    sample_rate_hz, clip_samples, and as JSON classes and thresholds, null for a class that is never
    said.

    Args:
        tagger: is left as it is; computes in float32 there.
        path: the file to write, which may be there.

    Raises:
        MissingDependencyError: the packages of timbrespace[export] are not installed.
        ConfigError: ONNX Runtime does not compute with it what PyTorch does, to 1e-4.
    """
    model = _Probabilities(tagger).eval()
    clip_samples = round(tagger.clip_s * tagger.sample_rate_hz)
    write_onnx(
        model,
        {"clips": _noise(2, clip_samples)},
        {"clips": _noise(3, clip_samples) * torch.tensor([[1.0], [0.01], [0.0]])},
        Path(path),
        output="probability",
        sizes={"clips": {0: torch.export.Dim("batch")}},
        metadata={
            "name": tagger.name,
            "tagger_hash": tagger_hash(tagger),
            "sample_rate_hz": str(tagger.sample_rate_hz),
            "clip_samples": str(clip_samples),
            "classes": json.dumps(tagger.classes),
            "thresholds": json.dumps(
                [float(at) if np.isfinite(at) else None for at in tagger.thresholds]
            ),
        },
    )


class _Probabilities(nn.Module):
    """A tagger's network on the CPU in float32, hearing clips as `Tagger.probabilities` does."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.network = copy.deepcopy(tagger.network).cpu()
        self.network.precision = "float32"

    def forward(self, clips: Tensor) -> Tensor:
        """Probabilities (batch, classes)."""
        peak = (clips.amax(1, keepdim=True) - clips.amin(1, keepdim=True)) / 2
        largest = clips.abs().amax(1, keepdim=True).clamp(min=SILENT_PEAK)
        rates: Tensor = self.network(clips / largest).sigmoid()
        return rates * (peak >= SILENT_PEAK)


def _noise(n_clips: int, n_samples: int) -> Tensor:
    return torch.randn(n_clips, n_samples, generator=torch.Generator().manual_seed(n_clips))
