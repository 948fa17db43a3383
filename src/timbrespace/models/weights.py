"""Weights in a safetensors file that may come from a stranger.

Comes in: a path, and the weights that an encoder's settings ask for. Goes out: tensors, read only
when the file's header says that they are those.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from timbrespace.errors import ConfigError, InputError

_MOST_BYTES = 2**31
_DTYPES = {torch.float32: "F32", torch.int64: "I64"}


def read_weights(path: Path, wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Read weights whose names, types and shapes are those of `wanted`.

    Args:
        path: the file.
        wanted: tensors of the right types and shapes; their values are not looked at.

    Raises:
        InputError: the file is missing, larger than 2 GiB or no safetensors, or a weight is NaN or
            infinite.
        ConfigError: the header has other weights than wanted; the message names the first.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected weights in safetensors.")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path}: is larger than {_MOST_BYTES >> 30} GiB; no encoder is.")
        _check_header(path, wanted)
        weights = load_file(path)
    except (OSError, SafetensorError) as fault:
        raise InputError(f"{path}: expected weights in safetensors ({fault}).") from fault
    broken = [name for name, weight in weights.items() if not weight.isfinite().all()]
    if broken:
        raise InputError(f"{path}: weights are NaN or infinite, first in {broken[0]}; train anew.")
    return weights


def _check_header(path: Path, wanted: Mapping[str, Tensor]) -> None:
    with safe_open(path, "pt") as file:
        parts = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118, not a mapping
    there = {name: (part.get_dtype(), tuple(part.get_shape())) for name, part in parts.items()}
    expected = {name: (_DTYPES[w.dtype], tuple(w.shape)) for name, w in wanted.items()}
    for name in sorted(there.keys() | expected.keys()):
        if there.get(name) != expected.get(name):
            raise ConfigError(
                f"{path}: does not fit the settings beside it: {name:.100} is "
                f"{_shown(there.get(name))}, expected {_shown(expected.get(name))}."
            )


def _shown(kind: tuple[str, tuple[int, ...]] | None) -> str:
    return f"{kind[0]} {list(kind[1])}" if kind else "not there"
