"""Fine-tuning a tagger: ours, fed from packed excerpts, against a plain eager float32 loop.

Comes in: nothing. Goes out: clips a second of both on the same excerpts, from files to weights, for
the network of the default encoder and for that of Zhong et al. 2023; and tagging in use, seconds of
music a second and the memory that a long file takes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import torch
from rich.progress import Progress
from torch import Tensor, nn

from common import in_turns, median, table, worker
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import Encoder, keep_freed_memory, load_encoder, quickest_precision
from timbrespace.tagging import TaggingNetwork
from timbrespace.tagging.batches import ClipBatches
from timbrespace.tagging.excerpts import open_excerpts
from timbrespace.tagging.fine_tuning import FineTuning, TaggerTraining
from timbrespace.training import build_recipe
from timbrespace.training.recipes import recipe_layers

RATE, BATCH, N_CLASSES, N_EXCERPTS = 16_000, 64, 11, 256
STEPS = {"default": 12, "zhong2023-base": 2}


def measure() -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    for name, n_steps in STEPS.items():
        systems = {kind: (kind, name, n_steps) for kind in ("plain", "ours")}
        results = in_turns("tagging_training.py", systems)
        plain, ours = (median(results[kind], "clips_per_s") for kind in ("plain", "ours"))
        rows.append([f"`{name}`", f"{plain:.0f}", f"{ours:.0f}", f"{ours / plain:.1f}"])
    used = [worker("tagging_training.py", "use", minutes) for minutes in (10, 180)]
    return (
        "## Training and using a tagger\n\n`python benchmarks/tagging_training.py`: forward, "
        f"backward and Adam on batches of {BATCH} clips of 1 s from excerpts of 3 s; medians of "
        "three rounds in turns. The plain loop reads WAV files and computes in float32.\n\n"
        + table(["network", "plain, clips/s", "timbrespace, clips/s", "×"], rows)
        + "\n\n`timbrespace tag` on a stereo file at 44.1 kHz, start-up included: "
        + "; ".join(
            f"{found['minutes']} minutes at {found['times_real']:.0f} × real time, "
            f"{found['peak_mib']:.0f} MiB"
            for found in used
        )
        + "."
    )


def work(kind: str, name: str, n_steps: int) -> dict[str, float]:
    """Speed of some steps in this process, after one to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        step = (_plain if kind == "plain" else _ours)(name, Path(folder))
        step()
        start = time.perf_counter()
        for _ in range(n_steps):
            step()
        return {"clips_per_s": n_steps * BATCH / (time.perf_counter() - start)}


def use(minutes: int) -> dict[str, float]:
    """Speed and memory of `timbrespace tag` on a file, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.wav")
        minute = 0.1 * np.random.default_rng(0).standard_normal((60 * 44_100, 2))
        with soundfile.SoundFile(path, "w", 44_100, 2) as file:
            for _ in range(minutes):
                file.write(minute)
        start = time.perf_counter()
        command = [sys.executable, "-m", "timbrespace", "tag", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"minutes": minutes, "times_real": 60 * minutes / seconds, "peak_mib": peak_mib}


def _encoder(name: str) -> Encoder:
    return load_encoder() if name == "default" else build_recipe(recipe_layers(name)).encoder


def _files(folder: Path) -> list[Path]:
    rng = np.random.default_rng(0)
    paths = [folder / f"{number}.wav" for number in range(N_EXCERPTS)]
    for path in paths:
        soundfile.write(path, 0.1 * rng.standard_normal(3 * RATE), RATE)
    return paths


def _plain(name: str, folder: Path) -> Callable[[], None]:
    network = TaggingNetwork.on(_encoder(name), n_classes=N_CLASSES).train()
    network.precision = "float32"
    network.to(memory_format=torch.contiguous_format)
    batches = _plain_batches(_files(folder))
    optimizer = torch.optim.Adam(network.parameters(), lr=2.5e-4)

    def step() -> None:
        waveform, truth = next(batches)
        loss = nn.functional.binary_cross_entropy_with_logits(network(waveform), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def _plain_batches(paths: list[Path]) -> Iterator[tuple[Tensor, Tensor]]:
    rng = np.random.default_rng(0)
    while True:
        clips = []
        for path in rng.choice(len(paths), BATCH):
            waveform, _ = soundfile.read(paths[path], dtype="float32")
            start = rng.integers(len(waveform) - RATE)
            clips.append(torch.from_numpy(waveform[start : start + RATE]))
        yield torch.stack(clips), (torch.rand(BATCH, N_CLASSES) > 0.8).float()


def _ours(name: str, folder: Path) -> Callable[[], None]:
    keep_freed_memory()
    rows = [
        {"id": path.stem, "path": str(path), "labels": [str(number % N_CLASSES)]}
        for number, path in enumerate(_files(folder))
    ]
    with Progress(disable=True) as progress:
        excerpts = open_excerpts(
            manifest_from_rows(rows), folder / "packed", sample_rate_hz=RATE, progress=progress
        )
    network = TaggingNetwork.on(_encoder(name), n_classes=N_CLASSES).train()
    network.precision = quickest_precision(torch.device("cpu"))
    batches = ClipBatches(excerpts, np.arange(N_EXCERPTS), clip_s=1.0, batch_size=BATCH, seed=0)
    training = TaggerTraining(network, batches, FineTuning(batch_size=BATCH))
    training.log = lambda *_, **__: None  # there is no trainer to log to
    optimizer = torch.optim.Adam(training.parameters(), lr=2.5e-4)
    numbers = iter(range(10**9))

    def step() -> None:
        loss = training.training_step(batches.batch(next(numbers)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print(measure())
    elif sys.argv[1] == "use":
        print(json.dumps(use(int(sys.argv[2]))))
    else:
        print(json.dumps(work(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
