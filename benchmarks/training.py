"""A training step at the published architecture, batch 32: ours against a plain transcription.

Comes in: nothing. Goes out: notes a second and their ratio, the share of the bound, and the loss
curves of both on the same batches, so that one can see that speed costs no convergence.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from common import HERE, in_turns, median, table, worker
from published import plain_copy
from timbrespace.models import Head, Softmax, keep_freed_memory
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers

BATCH, NOTE_SAMPLES, N_CLASSES = 32, 64_000, 64
MACS_PER_NOTE = 3 * 2.998e9  # forward, and backward to activations and to weights
CURVE_STEPS, CURVE_SEEDS = 80, (0, 1)
FIGURE = HERE.parent / "docs" / "images" / "training-precision.svg"


def measure() -> str:
    """The section of docs/benchmarks.md; draws the loss curves."""
    systems = {"transcription": ("plain", 3), "timbrespace, bfloat16 backbone": ("ours", 6)}
    results = in_turns("training.py", systems)
    speeds = {name: median(found, "notes_per_s") for name, found in results.items()}
    bounds = {
        name: worker("embedding.py", "bound", kind)["macs_per_s"] / MACS_PER_NOTE
        for name, kind in zip(systems, ("float32", "bfloat16"), strict=True)
    }
    rows = [
        [
            name,
            f"{speed:.1f}",
            f"{speed / speeds['transcription']:.2f}",
            f"{speed / bounds[name]:.0%}",
        ]
        for name, speed in speeds.items()
    ]
    curves = {
        name: [worker("training.py", "curve", kind, seed)["loss"] for seed in CURVE_SEEDS]
        for name, (kind, _) in systems.items()
    }
    draw(curves)
    ends = {
        name: ", ".join(f"{sum(losses[-20:]) / 20:.2f}" for losses in seeds)
        for name, seeds in curves.items()
    }
    return (
        "## Training with the published architecture\n\n`python benchmarks/training.py`: forward, "
        "backward and Adam at batch 32 of 4 s notes, medians of three rounds in turns.\n\n"
        + table(["system", "notes/s", "× transcription", "of the bound"], rows)
        + f"\n\nLoss over {CURVE_STEPS} steps of 16 synthetic tones, both from the same weights "
        "and on the same batches, for two seeds; mean of the last twenty steps of each: "
        + "; ".join(f"{name} {end}" for name, end in ends.items())
        + ".\n\n![Loss curves of both](images/training-precision.svg)"
    )


def work(system: str, n_steps: int) -> dict[str, float]:
    """Speed of some training steps in this process, after one to warm up."""
    step = _stepper(system, seed=0, learning_rate=1e-3)
    waveform, target = 0.1 * torch.randn(BATCH, NOTE_SAMPLES), torch.randint(N_CLASSES, (BATCH,))
    step(waveform, target)
    start = time.perf_counter()
    for _ in range(n_steps):
        step(waveform, target)
    return {"notes_per_s": n_steps * BATCH / (time.perf_counter() - start)}


def curve(system: str, seed: int) -> dict[str, list[float]]:
    """Losses over steps on batches of harmonic tones."""
    keep_freed_memory()
    step = _stepper(system, seed=seed, learning_rate=3e-4)
    generator = torch.Generator().manual_seed(seed)
    return {"loss": [step(*_tones(generator)) for _ in range(CURVE_STEPS)]}


def draw(curves: dict[str, list[list[float]]]) -> None:
    """All curves in one figure, each the mean of ten steps."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3), layout="constrained")
    axes = figure.subplots()
    for (name, seeds), style in zip(curves.items(), ("C0-", "C1--"), strict=True):
        for seed, losses in enumerate(seeds):
            smooth = [sum(losses[k : k + 10]) / 10 for k in range(len(losses) - 9)]
            axes.plot(smooth, style, label=name if seed == 0 else None)
    axes.set(xlabel="step", ylabel="cross entropy")
    axes.legend(frameon=False)
    FIGURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURE)


class _Trained(nn.Module):
    """An encoder and its head."""

    def __init__(self, encoder: nn.Module, head: Head) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, waveform: Tensor, target: Tensor) -> Tensor:
        return self.head(self.encoder(waveform), target)


def _stepper(system: str, *, seed: int, learning_rate: float) -> Callable[[Tensor, Tensor], float]:
    encoder = build_recipe(recipe_layers("shi2022-base"), [f"seed={seed}"]).encoder
    torch.manual_seed(seed)
    head = Softmax(embedding_size=512, n_classes=N_CLASSES)
    if system == "plain":
        model = _Trained(plain_copy(encoder), head)
    else:
        keep_freed_memory()
        encoder.precision = "bfloat16"
        model = _Trained(encoder, head)
    optimizer = torch.optim.Adam(model.train().parameters(), lr=learning_rate)

    def step(waveform: Tensor, target: Tensor) -> float:
        loss = model(waveform, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    return step


def _tones(generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Waveforms of 1 s: one of eight classes is how partials fall and decay, the pitch is free."""
    target = torch.randint(8, (16,), generator=generator)
    hz = 110 * 2 ** (3 * torch.rand(16, generator=generator))
    seconds, partials = torch.arange(16_000) / 16_000, torch.arange(1, 9)
    phases = 2 * torch.pi * torch.rand(16, 8, 1, generator=generator)
    waves = torch.sin(2 * torch.pi * hz[:, None, None] * partials[:, None] * seconds + phases)
    slopes = partials ** -(0.5 * (target % 4)[:, None].float())
    decay = torch.exp(-(4 * (target // 4)[:, None]) * seconds)
    return (slopes[..., None] * waves).mean(1) * decay, target


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    elif sys.argv[1] == "curve":
        print(json.dumps(curve(sys.argv[2], int(sys.argv[3]))))
    else:
        print(json.dumps(work(sys.argv[1], int(sys.argv[2]))))
