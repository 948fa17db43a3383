"""What every benchmark shares: workers in processes of their own, run in turns.

A machine's speed drifts by tens of per cent within minutes. So systems that are compared take
turns, each in a fresh process, and what counts is the ratio of their medians.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def worker(script: str, *arguments: object) -> dict[str, Any]:
    """Run `script` with arguments in a fresh process; what it prints last is its JSON result."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{script} {arguments} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def in_turns(
    script: str, systems: Mapping[str, Sequence[object]], *, rounds: int = 3
) -> dict[str, list[dict[str, Any]]]:
    """Results of each system over the rounds; every round runs every system once."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in systems}
    for _ in range(rounds):
        for name, arguments in systems.items():
            results[name].append(worker(script, *arguments))
    return results


def median(results: Sequence[Mapping[str, Any]], key: str) -> float:
    """Median of one figure over the rounds."""
    return statistics.median(result[key] for result in results)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine() -> str:
    """Processor, cores and versions, in one line."""
    import torch

    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return (
        f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}, "
        f"{torch.get_num_threads()} threads"
    )
