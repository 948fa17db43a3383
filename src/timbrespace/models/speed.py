"""What makes an encoder quick without changing the model.

Comes in: nothing, or an encoder. Goes out: a device, a precision, an encoder that computes there,
or a changed setting of the process. Measured in docs/benchmarks.md.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import torch

from timbrespace.errors import ConfigError

if TYPE_CHECKING:
    from timbrespace.models.encoder import Encoder
    from timbrespace.models.trunk import Trunk

Precision = Literal["float32", "bfloat16"]
TrunkT = TypeVar("TrunkT", bound="Trunk")

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4  # of glibc's malloc.h


def keep_freed_memory() -> bool:
    """Have the process keep freed memory for its next activations, rather than give it back.

    By default glibc takes each large block from the system anew, whose pages are then cleared one
    by one: more than half the time of an encoder's forward pass. It holds for the whole process
    and cannot be undone, so programs call it, this library does not.

    Returns:
        Whether it was done; False without glibc (macOS, Windows, Alpine).
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(_M_MMAP_MAX, 0)) and bool(mallopt(_M_TRIM_THRESHOLD, -1))


def on_quickest_device(encoder: TrunkT, precision: Precision | None = None) -> TrunkT:
    """The encoder or tagging network, moved to the GPU if there is one.

    Args:
        encoder: is changed.
        precision: of its backbone; None takes `quickest_precision`.
    """
    device = quickest_device()
    encoder.precision = precision or quickest_precision(device)
    return encoder.to(device)


@contextmanager
def computing_on(
    encoder: Encoder, device: str | torch.device | None, precision: Precision | None
) -> Iterator[None]:
    """Have an encoder on a device, in a precision, for the length of the context.

    Args:
        encoder: comes back to where it was, as it was.
        device: None takes the GPU if there is one; an encoder that is on a GPU stays there.
        precision: of its backbone; None takes `quickest_precision`.

    Raises:
        ConfigError: the device is not there, or no such precision is known.
    """
    if precision not in (None, *get_args(Precision)):
        raise ConfigError(f"precision must be one of {get_args(Precision)}, got {precision!r}.")
    home, usual = next(encoder.parameters()).device, encoder.precision
    try:
        if device is None and home.type == "cpu":
            device = quickest_device()
        _move(encoder, home if device is None else device)
        encoder.precision = precision or quickest_precision(next(encoder.parameters()).device)
        yield
    finally:
        encoder.precision = usual
        encoder.to(home)


def quickest_device() -> torch.device:
    """The GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def quickest_precision(device: torch.device) -> Precision:
    """bfloat16 where the processor computes in it (most GPUs; CPUs with AVX512-BF16), else float32.

    Args:
        device: where the encoder will run.
    """
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return "bfloat16" if device.type == "cpu" and supported() else "float32"


def _move(encoder: Encoder, device: str | torch.device) -> None:
    try:
        encoder.to(device)
    except (RuntimeError, AssertionError) as fault:  # torch raises either where one is missing
        reason = str(fault).splitlines()[0]
        raise ConfigError(f"device {str(device)!r} cannot be used here ({reason}).") from fault
