"""Embed sounds as people have them: files, and arrays of any rate.

Comes in: paths and arrays. Goes out: (n, dimensions) float32, unit length. Each sound is prepared
as in training: mixed to mono, resampled, trimmed of silence, brought to one level.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
from torch import Tensor

from timbrespace.audio import HEARD_S, Samples, array_waveform, as_note, levelled, read_audio
from timbrespace.errors import ConfigError, InputError
from timbrespace.models.checks import check_positive
from timbrespace.models.waveforms import Vectors, Waveform, embed_waveforms

if TYPE_CHECKING:
    from timbrespace.models.encoder import Encoder

Sound = str | Path | Samples | Tensor

_PART_SOUNDS = 64
_SILENCE_DB = -50.0  # below the sound's peak, as where silence is trimmed


@dataclass(frozen=True)
class Windows:
    """What a sound is like as it goes on.

    Attributes:
        start_s: where each window starts; (n,), rising.
        vectors: its embedding, of unit length; (n, dimensions) float32.
    """

    start_s: npt.NDArray[np.float64]
    vectors: Vectors


def embed_sounds(
    encoder: Encoder,
    sounds: Sound | Sequence[Sound],
    sample_rate_hz: int | None = None,
    *,
    batch_s: float,
) -> Vectors:
    """What `Encoder.embed` gives, where the encoder is and as it computes now."""
    listed = _listed(sounds)
    if not listed:
        raise InputError("there is no sound to embed: the list is empty.")
    if sample_rate_hz is not None and not any(map(_is_array, listed)):
        raise InputError("sample_rate_hz is for arrays; files have their own, leave it out.")

    def heard(number: int) -> Waveform:
        name = _name(listed[number], number)
        waveform = sound_waveform(
            listed[number], sample_rate_hz, encoder.sample_rate_hz, longest_s=HEARD_S, name=name
        )
        return as_note(waveform, sample_rate_hz=encoder.sample_rate_hz, name=name)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = _parts(range(len(listed)))
        waveforms = (list(pool.map(heard, part)) for part in parts)
        vectors = [embed_waveforms(encoder, part, batch_s=batch_s) for part in waveforms]
    return np.concatenate(vectors)


def embed_sound_windows(
    encoder: Encoder,
    sound: Sound,
    sample_rate_hz: int | None = None,
    *,
    window_s: float,
    hop_s: float,
    batch_s: float,
) -> Windows:
    """What `Encoder.embed_windows` gives, where the encoder is and as it computes now."""
    check_positive(window_s=window_s, hop_s=hop_s)
    if hop_s > window_s:
        raise ConfigError(
            f"hop_s must be at most window_s, {window_s:g}, so that all is heard; got {hop_s:g}."
        )
    rate, name = encoder.sample_rate_hz, _name(sound, 0)
    waveform = sound_waveform(sound, sample_rate_hz, rate, name=name)
    waveform = levelled(waveform, name=name)
    size, hop = max(1, round(window_s * rate)), max(1, round(hop_s * rate))
    starts = _sounding(waveform, size, hop)
    vectors = []
    for part in _parts(starts):
        windows = [waveform[start : start + size] for start in part]
        notes = [as_note(window, sample_rate_hz=rate, name=name) for window in windows]
        vectors.append(embed_waveforms(encoder, notes, batch_s=batch_s))
    return Windows(np.array(starts) / rate, np.concatenate(vectors))


def _listed(sounds: Sound | Sequence[Sound]) -> list[Sound]:
    if isinstance(sounds, list | tuple):
        return list(sounds)
    return [cast(Sound, sounds)]  # what is no sound is refused when it is read


def _sounding(waveform: Waveform, size: int, hop: int) -> list[int]:
    """Starts of the windows that sound; the last window may be shorter."""
    loudness = np.abs(waveform)
    threshold = loudness.max() * 10 ** (_SILENCE_DB / 20)
    n_windows = 1 + math.ceil(max(0, len(waveform) - size) / hop)
    starts = range(0, n_windows * hop, hop)
    return [start for start in starts if loudness[start : start + size].max() >= threshold]


def _parts(items: Sequence[int]) -> list[Sequence[int]]:
    return [items[first : first + _PART_SOUNDS] for first in range(0, len(items), _PART_SOUNDS)]


def sound_waveform(
    sound: Sound,
    rate_hz: int | None,
    wanted_hz: int,
    *,
    longest_s: float | None = None,
    name: str = "sound",
) -> Waveform:
    """A sound, or its start, as mono.

    Args:
        sound: a path, or an array (samples,) or (samples, channels).
        rate_hz: of the array; None for a file.
        wanted_hz: of what is returned.
        longest_s: of the start; None takes all.
        name: what errors call an array.

    Raises:
        InputError: it is no sound, or an array without its rate.
        AudioError: a file cannot be read, or a sound is empty or not finite.
    """
    if isinstance(sound, str | Path):
        return read_audio(Path(sound), sample_rate_hz=wanted_hz, duration_s=longest_s)
    if not _is_array(sound):
        raise InputError(f"{name} must be a path or an array, got {type(sound).__name__}.")
    if rate_hz is None:
        raise InputError(f"{name} is an array: give its sample_rate_hz.")
    samples = sound.detach().cpu().numpy() if isinstance(sound, Tensor) else sound
    return array_waveform(
        samples, rate_hz, sample_rate_hz=wanted_hz, duration_s=longest_s, name=name
    )


def _is_array(sound: Sound) -> bool:
    return isinstance(sound, np.ndarray | Tensor)


def _name(sound: Sound, number: int) -> str:
    return str(sound) if isinstance(sound, str | Path) else f"sound {number}"
