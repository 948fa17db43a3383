"""What makes a CPU quick without changing the model.

Comes in: nothing. Goes out: a precision, or a changed setting of the process. Measured in
docs/benchmarks.md.
"""

from __future__ import annotations

import ctypes
import sys

import torch

from timbrespace.models.encoder import Encoder, Precision

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


def on_quickest_device(encoder: Encoder, precision: Precision | None = None) -> Encoder:
    """The encoder, moved to the GPU if there is one.

    Args:
        encoder: is changed.
        precision: of its backbone; None takes `quickest_precision`.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    encoder.precision = precision or quickest_precision(device)
    return encoder.to(device)


def quickest_precision(device: torch.device) -> Precision:
    """bfloat16 where the processor computes in it (most GPUs; CPUs with AVX512-BF16), else float32.

    Args:
        device: where the encoder will run.
    """
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return "bfloat16" if device.type == "cpu" and supported() else "float32"
