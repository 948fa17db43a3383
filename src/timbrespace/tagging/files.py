"""A tagger as a folder that can be shared: `config.json`, `model.safetensors`, `README.md`.

Comes in: a tagger, or a folder that may come from a stranger. Goes out: the folder, or a tagger.
Nothing is unpickled, and nothing is built before its size is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from timbrespace.errors import ConfigError
from timbrespace.models.config import TRUNK_KEYS, check_keys, trunk_config, trunk_parts
from timbrespace.models.folders import (
    CONFIG,
    WEIGHTS,
    content_hash,
    plain_weights,
    read_card,
    read_config,
    write_model,
)
from timbrespace.models.limits import check_name
from timbrespace.models.weights import read_weights
from timbrespace.tagging.network import TaggingNetwork
from timbrespace.tagging.tagger import Tagger

DEFAULT = "default"
DEFAULT_FOLDER = Path(__file__).parent / DEFAULT

_FORMAT = "timbrespace-tagger/1"
_MOST_CLASSES = 1_000
_CLIP_S = 0.1, 60.0


def save_tagger(tagger: Tagger, folder: str | Path, *, name: str, card: str | None = None) -> None:
    """Write a tagger's folder, whole or not at all; a tagger that stood there is replaced.

    Args:
        tagger: what to write.
        folder: where; its parents are made.
        name: what people call the tagger; one line of at most 100 letters.
        card: text of its README.md.

    Raises:
        ConfigError: the network has a part that cannot be shared, or the name is no name.
        InputError: the folder holds something else than a model.
    """
    config = {"format": _FORMAT, "name": check_name(name), **_config(tagger)}
    write_model(Path(folder), config, plain_weights(tagger.network), card)


def load_tagger(source: str | Path = DEFAULT) -> Tagger:
    """Load a tagger; where it comes from need not be trusted.

    Args:
        source: "default", the tagger that comes with timbrespace, or a folder as `save_tagger`
            writes it. A `Path` is always a folder.

    Returns:
        The tagger on the CPU, with its `name` and `card`.

    Raises:
        InputError: a file is missing, too large or cannot be read.
        ConfigError: `config.json` describes no tagger that can be built, or one that is too large,
            or the weights do not fit it; the message names what is wrong.
    """
    folder = DEFAULT_FOLDER if source == DEFAULT else Path(source)
    config = read_config(folder, _FORMAT)
    try:
        name = check_name(config.pop("name", None))
        _check(config)
        planned = _network(config, "meta")
    except ConfigError as fault:
        raise ConfigError(f"{folder / CONFIG}: {fault}") from fault
    weights = read_weights(folder / WEIGHTS, planned.state_dict())
    network = _network(config, "cpu")
    network.load_state_dict(weights)
    thresholds = [np.inf if value is None else value for value in config["thresholds"]]
    tagger = Tagger(network, config["classes"], thresholds, clip_s=config["clip_s"])
    tagger.name, tagger.card = name, read_card(folder)
    return tagger


def tagger_hash(tagger: Tagger) -> str:
    """Content hash over the settings and every weight, but not the name; 16 hexadecimal digits.

    Raises:
        ConfigError: the network has a part that cannot be shared.
    """
    return content_hash(_config(tagger), plain_weights(tagger.network))


def _config(tagger: Tagger) -> dict[str, Any]:
    thresholds = [value if math.isfinite(value) else None for value in tagger.thresholds.tolist()]
    return {
        "clip_s": tagger.clip_s,
        "classes": list(tagger.classes),
        "thresholds": thresholds,
        **trunk_config(tagger.network),
    }


def _network(config: Mapping[str, Any], device: str) -> TaggingNetwork:
    parts = trunk_parts(config, device=device)
    with torch.device(device):
        return TaggingNetwork(*parts, n_classes=len(config["classes"]))


def _check(config: Mapping[str, Any]) -> None:
    check_keys(config, {"clip_s", "classes", "thresholds", *TRUNK_KEYS})
    classes, thresholds, clip_s = (config[key] for key in ("classes", "thresholds", "clip_s"))
    if not isinstance(classes, list) or not 1 <= len(classes) <= _MOST_CLASSES:
        raise ConfigError(f"classes must be a list of 1 to {_MOST_CLASSES}, got {classes!r:.200}.")
    if len({check_name(name) for name in classes}) < len(classes):
        raise ConfigError("a class stands twice.")
    if not isinstance(thresholds, list) or len(thresholds) != len(classes):
        raise ConfigError(f"thresholds must be one for each class, got {thresholds!r:.200}.")
    for value in thresholds:
        if value is not None and not (_is_number(value) and 0 <= value <= 1):
            raise ConfigError(f"thresholds must be null or from 0 to 1, got {value!r:.100}.")
    if not (_is_number(clip_s) and _CLIP_S[0] <= clip_s <= _CLIP_S[1]):
        raise ConfigError(
            f"clip_s must be from {_CLIP_S[0]} to {_CLIP_S[1]:g}, got {clip_s!r:.100}."
        )


def _is_number(value: object) -> bool:
    return type(value) in (int, float)
