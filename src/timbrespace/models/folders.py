"""A model's folder: written whole or not at all, and read as a stranger's.

Comes in: settings, weights, a card and a cohort. Goes out: `config.json`, `model.safetensors`,
`README.md` and `cohort.parquet` in one folder. Reading checks sizes before anything is held in
memory; nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from timbrespace.errors import ConfigError, InputError

CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"
COHORT = "cohort.parquet"
"""Embeddings of instruments that the encoder knows, to normalise scores by."""

_FILES = {CONFIG, WEIGHTS, CARD, COHORT, "model.onnx"}
_MOST_TEXT_BYTES = 2**20
_MOST_COHORT_BYTES = 2**26


def write_model(
    folder: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, Tensor],
    card: str | None,
    *,
    cohort: bytes = b"",
) -> None:
    """Write a model's folder; a model that stood there is replaced.

    Args:
        folder: where; its parents are made.
        config: JSON types only.
        weights: on the CPU, contiguous, none of them shared.
        card: text of README.md; None for none.
        cohort: content of cohort.parquet; empty for none.

    Raises:
        InputError: the folder holds something else than a model.
    """
    _check_replaceable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        text = json.dumps(config, indent=2, allow_nan=False)
        (new / CONFIG).write_text(text + "\n", encoding="utf-8")
        save_file(dict(weights), new / WEIGHTS, metadata={"format": "pt"})
        if card is not None:
            (new / CARD).write_text(card, encoding="utf-8")
        if cohort:
            (new / COHORT).write_bytes(cohort)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)


def read_config(folder: Path, format_name: str) -> dict[str, Any]:
    """Settings of a model, without their format.

    Args:
        folder: of the model; need not be trusted.
        format_name: what the settings must call themselves.

    Raises:
        InputError: the file is missing, too large or no JSON.
        ConfigError: it is another format's.
    """
    path = folder / CONFIG
    inner = [] if path.exists() else [place.parent for place in folder.glob(f"*/{CONFIG}")]
    if inner:
        raise InputError(f"{folder}: holds no model itself; is {inner[0]} meant?")
    text = _read_text(path)
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InputError(f"{path}: expected a model's settings in JSON ({fault}).") from fault
    if not isinstance(config, dict):
        raise ConfigError(f"{path}: expected an object of settings, got {config!r:.100}.")
    if (found := config.pop("format", None)) != format_name:
        raise ConfigError(
            f"{path}: expected the format {format_name!r}, got {found!r:.50}; is it another kind "
            "of model, or of another version or program?"
        )
    return config


def plain_weights(module: nn.Module) -> dict[str, Tensor]:
    """Every weight by name, as `write_model` takes them."""
    return {name: value.cpu().contiguous() for name, value in module.state_dict().items()}


def content_hash(config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> str:
    """Hash over settings and weights; 16 hexadecimal digits.

    Args:
        config: JSON types only.
        weights: as `plain_weights` gives them.
    """
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    for name, weight in sorted(weights.items()):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
        digest.update(weight.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:16]


def read_card(folder: Path) -> str:
    """The model card; empty if there is none.

    Raises:
        InputError: it is too large or cannot be read.
    """
    return _read_text(folder / CARD) if (folder / CARD).exists() else ""


def read_cohort(folder: Path) -> bytes:
    """Content of cohort.parquet, as it is; empty if there is none.

    Raises:
        InputError: it is too large or cannot be read.
    """
    path = folder / COHORT
    return _read_bytes(path, _MOST_COHORT_BYTES) if path.exists() else b""


def _check_replaceable(folder: Path) -> None:
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in _FILES)
        if folder.is_dir()
        else [folder.name] * folder.exists()
    )
    if others:
        raise InputError(
            f"{folder}: holds {others[:5]}, which a model would replace; choose another folder."
        )


def _read_text(path: Path) -> str:
    return _read_bytes(path, _MOST_TEXT_BYTES).decode("utf-8", errors="replace")


def _read_bytes(path: Path, most_bytes: int) -> bytes:
    try:
        if not path.is_file():
            raise InputError(f"{path}: no such file; expected the folder of a model.")
        if path.stat().st_size > most_bytes:
            raise InputError(f"{path}: is larger than {most_bytes >> 20} MiB.")
        return path.read_bytes()
    except OSError as fault:
        raise InputError(f"{path}: cannot be read ({fault.strerror}).") from fault
