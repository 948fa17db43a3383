"""An encoder as a folder that can be shared: `config.json`, `model.safetensors`, `README.md`.

Comes in: an encoder, or a folder that may come from a stranger. Goes out: the folder, or an encoder
in evaluation mode. Nothing is ever unpickled, and nothing is built before its size is known.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from timbrespace.errors import ConfigError, InputError
from timbrespace.models.config import encoder_config, encoder_from_config
from timbrespace.models.encoder import Encoder
from timbrespace.models.limits import check_name
from timbrespace.models.weights import read_weights

CONFIG, WEIGHTS, CARD = "config.json", "model.safetensors", "README.md"

_FORMAT = "timbrespace-encoder/1"
_FILES = {CONFIG, WEIGHTS, CARD, "model.onnx"}
_MOST_TEXT_BYTES = 2**20


def save_encoder(
    encoder: Encoder, folder: str | Path, *, name: str, card: str | None = None
) -> None:
    """Write an encoder's folder, whole or not at all; an encoder that stood there is replaced.

    Args:
        encoder: what to write.
        folder: where; its parents are made.
        name: what people call the encoder; one line of at most 100 letters.
        card: text of its README.md.

    Raises:
        ConfigError: the encoder has a part that cannot be shared, or the name is no name.
        InputError: the folder holds something else than an encoder.
    """
    folder = Path(folder)
    _check_replaceable(folder)
    config = {"format": _FORMAT, "name": check_name(name), **encoder_config(encoder)}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        (new / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        save_file(_weights(encoder), new / WEIGHTS, metadata={"format": "pt"})
        if card is not None:
            (new / CARD).write_text(card, encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        new.rename(folder)


def read_encoder(folder: Path) -> Encoder:
    """Read an encoder's folder.

    Args:
        folder: as `save_encoder` writes it; need not be trusted.

    Returns:
        The encoder on the CPU, in evaluation mode, with its `name` and `card`.

    Raises:
        InputError: a file is missing, too large or cannot be read.
        ConfigError: `config.json` describes no encoder that can be built, or one that is too large,
            or the weights do not fit it; the message names what is wrong.
    """
    config = _read_config(folder / CONFIG)
    try:
        if config.pop("format", None) != _FORMAT:
            raise ConfigError(
                f"expected the format {_FORMAT!r}; was it written by another version or program?"
            )
        name = check_name(config.pop("name", None))
        planned = encoder_from_config(config, device="meta")
    except ConfigError as fault:
        raise ConfigError(f"{folder / CONFIG}: {fault}") from fault
    weights = read_weights(folder / WEIGHTS, planned.state_dict())
    encoder = encoder_from_config(config)
    encoder.load_state_dict(weights)
    encoder.name = name
    encoder.card = _read_text(folder / CARD) if (folder / CARD).exists() else ""
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
    text = _read_text(path)
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise InputError(f"{path}: expected an encoder's settings in JSON ({fault}).") from fault
    if not isinstance(config, dict):
        raise ConfigError(f"{path}: expected an object of settings, got {config!r:.100}.")
    return config


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise InputError(f"{path}: no such file; expected the folder of an encoder.")
        if path.stat().st_size > _MOST_TEXT_BYTES:
            raise InputError(f"{path}: is larger than {_MOST_TEXT_BYTES >> 20} MiB.")
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as fault:
        raise InputError(f"{path}: cannot be read ({fault.strerror}).") from fault
