"""An encoder as a folder that can be shared: `config.json`, `model.safetensors`, `README.md`.

Comes in: an encoder, or a folder that may come from a stranger. Goes out: the folder, or an encoder
in evaluation mode. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from timbrespace.errors import ConfigError, InputError
from timbrespace.models.config import encoder_config, encoder_from_config
from timbrespace.models.encoder import Encoder

_FORMAT = "timbrespace-encoder/1"
_CONFIG, _WEIGHTS, _CARD = "config.json", "model.safetensors", "README.md"
_FILES = {_CONFIG, _WEIGHTS, _CARD, "model.onnx"}


def save_encoder(
    encoder: Encoder, folder: str | Path, *, name: str, card: str | None = None
) -> None:
    """Write an encoder's folder, whole or not at all; an encoder that stood there is replaced.

    Args:
        encoder: what to write.
        folder: where; its parents are made.
        name: what people call the encoder.
        card: text of its README.md.

    Raises:
        ConfigError: the encoder has a part that cannot be shared.
        InputError: the folder holds something else than an encoder.
    """
    folder = Path(folder)
    _check_replaceable(folder)
    config = {"format": _FORMAT, "name": name, **encoder_config(encoder)}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        (new / _CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        save_file(_weights(encoder), new / _WEIGHTS, metadata={"format": "pt"})
        if card is not None:
            (new / _CARD).write_text(card, encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        new.rename(folder)


def load_encoder(folder: str | Path) -> Encoder:
    """Read an encoder's folder.

    Args:
        folder: as `save_encoder` writes it; need not be trusted.

    Returns:
        The encoder on the CPU, in evaluation mode, with its `name`.

    Raises:
        InputError: a file is missing or cannot be read.
        ConfigError: `config.json` describes no encoder that can be built, or the weights do not
            fit it; the message names what is wrong.
    """
    folder = Path(folder)
    config = _read_config(folder / _CONFIG)
    name = config.pop("name", None)
    if config.pop("format", None) != _FORMAT or not isinstance(name, str):
        raise ConfigError(
            f"{folder / _CONFIG}: expected a name and the format {_FORMAT!r}; "
            "was it written by another version, or another program?"
        )
    try:
        encoder = encoder_from_config(config)
        encoder.load_state_dict(_read_weights(folder / _WEIGHTS))
    except ConfigError as fault:
        raise ConfigError(f"{folder / _CONFIG}: {fault}") from fault
    except RuntimeError as fault:
        raise ConfigError(f"{folder}: weights and {_CONFIG} do not fit: {fault}") from fault
    encoder.name = name
    return encoder.eval()


def encoder_hash(encoder: Encoder) -> str:
    """Content hash over the settings and every weight, but not the name; 16 hexadecimal digits.

    Raises:
        ConfigError: the encoder has a part that cannot be shared.
    """
    digest = hashlib.sha256(json.dumps(encoder_config(encoder), sort_keys=True).encode())
    for name, weight in sorted(_weights(encoder).items()):
        digest.update(f"{name} {weight.dtype} {tuple(weight.shape)}".encode())
        digest.update(weight.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:16]


def _check_replaceable(folder: Path) -> None:
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in _FILES)
        if folder.is_dir()
        else [folder.name] * folder.exists()
    )
    if others:
        raise InputError(
            f"{folder}: holds {others[:5]}, which an encoder would replace; choose another folder."
        )


def _weights(encoder: Encoder) -> dict[str, Tensor]:
    return {name: value.cpu().contiguous() for name, value in encoder.state_dict().items()}


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as fault:
        raise InputError(f"{path}: expected an encoder's settings in JSON ({fault}).") from fault
    if not isinstance(config, dict):
        raise ConfigError(f"{path}: expected an object of settings, got {config!r:.100}.")
    return config


def _read_weights(path: Path) -> dict[str, Tensor]:
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as fault:
        raise InputError(f"{path}: expected weights in safetensors ({fault}).") from fault
    broken = [name for name, weight in weights.items() if not weight.isfinite().all()]
    if broken:
        raise InputError(f"{path}: weights are NaN or infinite, first in {broken[0]}; train anew.")
    return weights
