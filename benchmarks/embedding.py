"""Embedding at the published architecture: ours against a plain transcription of it.

Comes in: nothing. Goes out: notes a second (4 s notes at 16 kHz, from memory), the ratio to the
transcription at its best batch size, the cosine to float32, the share of the machine's bound.
"""

from __future__ import annotations

import json
import sys
import time

import torch

from common import in_turns, median, table, worker
from published import plain_copy
from timbrespace.models import Encoder, keep_freed_memory
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers

NOTE_SAMPLES = 64_000
MACS_PER_NOTE = 2.998e9
SECONDS = 6.0


def measure() -> str:
    """The section of docs/benchmarks.md."""
    systems: dict[str, tuple[object, ...]] = {
        f"transcription, batch {size}": ("plain", size) for size in (1, 2, 4, 8, 32)
    }
    systems |= {
        "timbrespace float32, batch 8": ("float32", 8),
        "timbrespace bfloat16 backbone, batch 8": ("bfloat16", 8),
    }
    results = in_turns("embedding.py", systems)
    speeds = {name: median(found, "notes_per_s") for name, found in results.items()}
    best = max(speed for name, speed in speeds.items() if name.startswith("transcription"))
    bounds = {kind: worker("embedding.py", "bound", kind) for kind in ("float32", "bfloat16")}
    rows = []
    for name, speed in speeds.items():
        kind = "bfloat16" if "bfloat16" in name else "float32"
        bound = bounds[kind]["macs_per_s"] / MACS_PER_NOTE
        cosine = min(result["cosine"] for result in results[name])
        rows.append(
            [name, f"{speed:.1f}", f"{speed / best:.2f}", f"{cosine:.5f}", f"{speed / bound:.0%}"]
        )
    header = ["system", "notes/s", "× transcription at its best", "cosine", "of the bound"]
    return (
        "## Embedding with the published architecture\n\n`python benchmarks/embedding.py`: 4 s "
        "notes from memory, medians of three rounds in turns, each in a process of its own. The "
        "cosine is the lowest to the transcription's embedding. The bound is the rate of one large "
        f"convolution on this machine ({bounds['float32']['macs_per_s'] / 5e8:.0f} GFLOP/s in "
        f"float32, {bounds['bfloat16']['macs_per_s'] / 5e8:.0f} in bfloat16).\n\n"
        + table(header, rows)
    )


def work(system: str, batch: int) -> dict[str, float]:
    """Speed of one system in this process."""
    encoder = build_recipe(recipe_layers("shi2022-base")).encoder
    _settle(encoder)
    plain = plain_copy(encoder).eval()
    waveform = 0.1 * torch.randn(batch, NOTE_SAMPLES, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        reference = plain(waveform)
        if system == "plain":
            run = plain
        else:
            keep_freed_memory()
            encoder.precision = "bfloat16" if system == "bfloat16" else "float32"
            run = encoder
        cosine = torch.cosine_similarity(run(waveform), reference).min()
        start, n_notes = time.perf_counter(), 0
        while time.perf_counter() - start < SECONDS:
            run(waveform)
            n_notes += batch
        speed = n_notes / (time.perf_counter() - start)
    return {"notes_per_s": speed, "cosine": float(cosine)}


def bound(kind: str) -> dict[str, float]:
    """Multiply-adds a second of a 3×3 convolution of 128 channels that fits the caches."""
    keep_freed_memory()
    dtype = torch.bfloat16 if kind == "bfloat16" else torch.float32
    image = torch.randn(8, 128, 64, 32, dtype=dtype).to(memory_format=torch.channels_last)
    weight = torch.randn(128, 128, 3, 3, dtype=dtype).to(memory_format=torch.channels_last)
    best = 0.0
    with torch.inference_mode():
        for _ in range(30):
            start = time.perf_counter()
            torch.nn.functional.conv2d(image, weight, padding=1)
            best = max(best, 8 * 64 * 32 * 128 * 128 * 9 / (time.perf_counter() - start))
    return {"macs_per_s": best}


def _settle(encoder: Encoder) -> None:
    """Running statistics from noise, as training would leave some, and evaluation mode."""
    generator = torch.Generator().manual_seed(1)
    encoder.train()
    with torch.no_grad():
        for _ in range(3):
            encoder(0.1 * torch.randn(4, NOTE_SAMPLES // 4, generator=generator))
    encoder.eval()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    elif sys.argv[1] == "bound":
        print(json.dumps(bound(sys.argv[2])))
    else:
        print(json.dumps(work(sys.argv[1], int(sys.argv[2]))))
