"""An encoder's settings as JSON, and back.

Comes in: an encoder, or a mapping read from a file that may come from a stranger. Goes out: a
mapping of JSON types, or a new encoder with random weights. Only the parts listed here are built;
nothing is imported by its name, and each setting is held to its type.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import torch

from timbrespace.errors import ConfigError
from timbrespace.models.backbones import ResNet, ShaResNet
from timbrespace.models.base import Backbone, Frontend, Part, Pooling
from timbrespace.models.encoder import Encoder
from timbrespace.models.frontends import CQT, PCEN, BandEnergy, LogMel, NormedSincNet, SincNet
from timbrespace.models.limits import check_embedding_size, check_frontend_size
from timbrespace.models.pooling import LDE, AttentiveStatistics, Statistics
from timbrespace.models.trunk import Trunk

TRUNK_KEYS = ("frontend", "backbone", "pooling")

_FRONTENDS: dict[str, type[Frontend]] = {
    "timbrespace.models.SincNet": SincNet,
    "timbrespace.models.NormedSincNet": NormedSincNet,
    "timbrespace.models.BandEnergy": BandEnergy,
    "timbrespace.models.LogMel": LogMel,
    "timbrespace.models.PCEN": PCEN,
    "timbrespace.models.CQT": CQT,
}
_BACKBONES: dict[str, type[Backbone]] = {
    "timbrespace.models.ResNet": ResNet,
    "timbrespace.models.ShaResNet": ShaResNet,
}
_POOLINGS: dict[str, type[Pooling]] = {
    "timbrespace.models.Statistics": Statistics,
    "timbrespace.models.AttentiveStatistics": AttentiveStatistics,
    "timbrespace.models.LDE": LDE,
}
_LARGEST = 1e6

PartT = TypeVar("PartT", bound=Part)


def encoder_config(encoder: Encoder) -> dict[str, Any]:
    """What must be known, beside the weights, to build the encoder again; JSON types only.

    Raises:
        ConfigError: a part is none of those that a shared encoder may have.
    """
    return {
        "sample_rate_hz": encoder.sample_rate_hz,
        "embedding_size": encoder.embedding_size,
        **trunk_config(encoder),
    }


def trunk_config(trunk: Trunk) -> dict[str, Any]:
    """What must be known, beside the weights, to build the parts of a trunk again.

    Raises:
        ConfigError: as `encoder_config`.
    """
    return {
        "frontend": _described(trunk.frontend, _FRONTENDS),
        "backbone": _described(trunk.backbone, _BACKBONES),
        "pooling": _described(trunk.pooling, _POOLINGS),
    }


def encoder_from_config(config: Mapping[str, Any], *, device: str = "cpu") -> Encoder:
    """A new encoder of these settings, with random weights.

    Args:
        config: as `encoder_config` gives it.
        device: where all but the front end is built; on "meta" it has shapes but takes no memory.

    Raises:
        ConfigError: a key is missing or unknown, a part is unknown, or a setting has a wrong type,
            an impossible value or one that is too large; the message names it.
    """
    check_keys(config, {"sample_rate_hz", "embedding_size", *TRUNK_KEYS})
    for key in ("sample_rate_hz", "embedding_size"):
        _check_setting(key, config[key], int)
    check_embedding_size(config["embedding_size"])
    parts = trunk_parts(config, device=device)
    if config["sample_rate_hz"] != parts[0].sample_rate_hz:
        raise ConfigError(
            f"sample_rate_hz is {config['sample_rate_hz']}, but the front end takes "
            f"{parts[0].sample_rate_hz}."
        )
    with torch.device(device):
        return Encoder(*parts, config["embedding_size"])


def trunk_parts(
    config: Mapping[str, Any], *, device: str = "cpu"
) -> tuple[Frontend, Backbone, Pooling]:
    """New parts of these settings, with random weights.

    Args:
        config: has the keys `TRUNK_KEYS`, as `trunk_config` gives them.
        device: as in `encoder_from_config`.

    Raises:
        ConfigError: as `encoder_from_config`.
    """
    frontend = _built("frontend", config["frontend"], _FRONTENDS)
    with torch.device(device):
        backbone = _built("backbone", config["backbone"], _BACKBONES)
        pooling = _built("pooling", config["pooling"], _POOLINGS)
    return frontend, backbone, pooling


def check_keys(config: Mapping[str, Any], keys: Collection[str]) -> None:
    """Refuse settings that lack a key, or have one more.

    Raises:
        ConfigError: the message names all of both.
    """
    if set(config) != set(keys):
        raise ConfigError(f"expected the keys {sorted(keys)}, got {sorted(config)}.")


def _described(part: PartT, known: Mapping[str, type[PartT]]) -> dict[str, Any]:
    for class_path, kind in known.items():
        if type(part) is kind:
            return {"class_path": class_path, "init_args": part.settings()}
    raise ConfigError(
        f"{type(part).__name__} cannot be shared; an encoder's parts are {sorted(known)}."
    )


def _built(name: str, described: object, known: Mapping[str, type[PartT]]) -> PartT:
    if not isinstance(described, dict) or set(described) != {"class_path", "init_args"}:
        raise ConfigError(f"{name} must have class_path and init_args, got {described!r:.200}.")
    class_path, settings = described["class_path"], described["init_args"]
    if not isinstance(class_path, str) or class_path not in known:
        raise ConfigError(f"{name}.class_path {class_path!r:.200} is none of {sorted(known)}.")
    kind = known[class_path]
    accepted = inspect.signature(kind).parameters
    if not isinstance(settings, dict) or not settings.keys() <= accepted.keys():
        raise ConfigError(f"{name}.init_args may have {sorted(accepted)}, got {settings!r:.200}.")
    types = get_type_hints(kind.__init__)
    for key, value in settings.items():
        _check_setting(f"{name}.init_args.{key}", value, types[key])
    if issubclass(kind, Frontend):
        check_frontend_size(
            {key: argument.default for key, argument in accepted.items()} | settings
        )
    return kind(**settings)


def _check_setting(name: str, value: object, expected: Any) -> None:
    if not _fits(value, expected):
        kind = getattr(expected, "__name__", str(expected))
        if get_origin(expected) is Literal:
            kind = f"one of {get_args(expected)}"
        raise ConfigError(
            f"{name} must be {kind} (numbers up to {_LARGEST:g}), got {value!r:.200}."
        )


def _fits(value: object, expected: Any) -> bool:
    if get_origin(expected) is Literal:
        return value in get_args(expected)
    if get_origin(expected) is Sequence:
        (item,) = get_args(expected)
        return isinstance(value, list) and all(_fits(entry, item) for entry in value)
    if expected is float and type(value) is int:
        return abs(value) <= _LARGEST
    return type(value) is expected and (
        not isinstance(value, int | float) or abs(value) <= _LARGEST
    )
