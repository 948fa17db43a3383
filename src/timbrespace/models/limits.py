"""How large the parts of an encoder from a stranger may be.

Comes in: settings that were read from a file, before anything is built from them. Goes out:
nothing, or an error. Who builds an encoder in code is not bound by these limits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from timbrespace.errors import ConfigError

MOST_EMBEDDING_SIZE = 16_384
MOST_NAME_LETTERS = 100

_RANGES = {
    "sample_rate_hz": (1_000, 384_000),
    "n_bands": (1, 4_096),
    "fft_samples": (2, 65_536),
    "hop_samples": (16, 65_536),
    "lowest_midi": (0, 136),
    "bands_per_octave": (1, 1_200),
}
_MOST_FRAMES_PER_S = 1_000
_MOST_KERNEL_SAMPLES = 131_072
_MOST_KERNEL_VALUES = 2**25


def check_name(name: object) -> str:
    """The name of an encoder, as it came.

    Raises:
        ConfigError: it is not one line of 1 to 100 printable letters.
    """
    if isinstance(name, str) and name.isprintable() and 0 < len(name) <= MOST_NAME_LETTERS:
        return name
    raise ConfigError(
        f"expected a name of 1 to {MOST_NAME_LETTERS} printable letters, got {name!r:.200}."
    )


def check_frontend_size(settings: Mapping[str, Any]) -> None:
    """Refuse a front end that would take too much memory or time.

    Args:
        settings: every setting by name, of the right types.

    Raises:
        ConfigError: a setting is out of range, the hop is shorter than 16 samples or than 1 ms,
            or the kernels are too long or too many; the message names what is wrong.
    """
    for key, (lowest, highest) in _RANGES.items():
        if key in settings:
            _check_range(f"frontend.init_args.{key}", settings[key], lowest, highest)
    rate = settings["sample_rate_hz"]
    hop_samples = settings["hop_samples"] if "hop_samples" in settings else settings["hop_s"] * rate
    shortest = max(_RANGES["hop_samples"][0], rate / _MOST_FRAMES_PER_S)
    _check_range("frontend: samples of a hop", hop_samples, shortest, _RANGES["hop_samples"][1])
    longest = _longest_kernel(settings)
    _check_range("frontend: samples of a kernel", longest, 2, _MOST_KERNEL_SAMPLES)
    n_values = longest * settings["n_bands"]
    _check_range("frontend: values in all kernels", n_values, 1, _MOST_KERNEL_VALUES)


def check_embedding_size(size: int) -> None:
    """Refuse embeddings of more than 16,384 values, or of none."""
    _check_range("embedding_size", size, 1, MOST_EMBEDDING_SIZE)


def _longest_kernel(settings: Mapping[str, Any]) -> float:
    """Samples of a Fourier transform, of a filter, or of the lowest band of a constant-Q one."""
    if "fft_samples" in settings:
        return float(settings["fft_samples"])
    if "kernel_s" in settings:
        return float(settings["kernel_s"] * settings["sample_rate_hz"])
    periods = 1 / (2 ** (1 / settings["bands_per_octave"]) - 1)
    lowest_hz = 440 * math.exp2((settings["lowest_midi"] - 69) / 12)
    return float(periods / lowest_hz * settings["sample_rate_hz"])


def _check_range(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise ConfigError(f"{name} must be from {lowest:g} to {highest:g}, got {value:g}.")
