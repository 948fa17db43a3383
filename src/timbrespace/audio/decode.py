"""Decode an audio file, or a part of it, to a mono float32 waveform at the wanted rate.

Comes in: a path to WAV, FLAC, OGG, MP3 or AIFF, any rate and channel count. Goes out: (samples,)
float32, full scale 1.0, channels averaged. The file's content decides how it is decoded, not its
name. Files are read in blocks, so that memory holds the result and one block.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from timbrespace.errors import AudioError, InputError

Waveform = npt.NDArray[np.float32]

UNREADABLE_SUFFIXES = (".m4a", ".aac", ".wma", ".opus")
"""Audio that cannot be decoded here, and that people are told of."""
AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".mp3", ".aif", ".aiff", ".aifc")

_BLOCK_VALUES = 1 << 18  # of all channels together
_LOWEST_RATE_HZ = 1_000
MARGIN_S = 0.05  # longer than soxr's HQ filter at any usual rate
_INEXACT_SEEK = (
    "MP3",
    "OGG",
)  # libsndfile may fail or land elsewhere; skipping by reading is exact


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says.

    Attributes:
        sample_rate_hz: samples a second of each channel.
        n_channels: channels.
        n_samples: samples of each channel.
    """

    sample_rate_hz: int
    n_channels: int
    n_samples: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.sample_rate_hz


def audio_info(path: Path) -> AudioInfo:
    """Rate, channels and length of an audio file, from its header.

    Raises:
        AudioError: the file is missing, empty or not audio that libsndfile can read.
    """
    with _open(path) as file:
        return AudioInfo(file.samplerate, file.channels, file.frames)


def read_audio(
    path: Path,
    *,
    sample_rate_hz: int,
    start_s: float = 0.0,
    duration_s: float | None = None,
) -> Waveform:
    """Read a file, or a part of it, as mono at `sample_rate_hz`.

    A part equals the same samples of the whole file's waveform (to the resampler's precision), and
    no more of the file than the part and a margin is decoded. Channels are averaged. Resampling is
    soxr's HQ. A WAV or MP3 file that ends before its header says gives what there is; other
    formats that are cut off are errors.

    Args:
        path: an audio file.
        sample_rate_hz: rate of the waveform that is returned.
        start_s: start of the part, >= 0.
        duration_s: length of the part, > 0; None reads to the end. A part that reaches past the
            end gives what there is.

    Returns:
        (samples,) float32.

    Raises:
        AudioError: the file is missing, empty or broken, has no samples in this part, or holds
            NaN or infinite samples there.
        InputError: `sample_rate_hz`, `start_s` or `duration_s` is out of range.
    """
    if sample_rate_hz <= 0 or start_s < 0 or (duration_s is not None and duration_s <= 0):
        raise InputError(
            "read_audio needs sample_rate_hz > 0, start_s >= 0 and duration_s > 0 or None; got "
            f"{sample_rate_hz}, {start_s} and {duration_s}."
        )
    with _open(path) as file:
        waveform = _read_part(file, sample_rate_hz, start_s, duration_s)
    if waveform.size == 0:
        raise AudioError(f"{path}: has no samples from {start_s:g} s on.")
    if not np.isfinite(waveform).all():
        raise AudioError(f"{path}: holds NaN or infinite samples; repair or remove it.")
    return waveform


def audio_blocks(path: Path, *, sample_rate_hz: int) -> Iterator[Waveform]:
    """Read a file of any length as mono at `sample_rate_hz`, block by block.

    Args:
        path: an audio file.
        sample_rate_hz: rate of the blocks, > 0.

    Yields:
        (samples,) float32, of different lengths, some perhaps empty; joined they are what
        `read_audio` gives.

    Raises:
        AudioError: the file is missing, empty or broken, has no samples, holds NaN or infinite
            ones, or has fewer than 1,000 a second, so that a block would grow without bound.
    """
    n_samples = 0
    with _open(path) as file:
        if file.samplerate < _LOWEST_RATE_HZ:
            raise AudioError(
                f"{path}: has {file.samplerate} samples a second; {_LOWEST_RATE_HZ} are the least "
                "that can be heard."
            )
        blocks = _mono_blocks(file, sys.maxsize)
        for block in resampled_blocks(blocks, file.samplerate, sample_rate_hz):
            if not np.isfinite(block).all():
                raise AudioError(f"{path}: holds NaN or infinite samples; repair or remove it.")
            n_samples += len(block)
            yield block
    if not n_samples:
        raise AudioError(f"{path}: has no samples.")


def _read_part(
    file: soundfile.SoundFile, rate_out: int, start_s: float, duration_s: float | None
) -> Waveform:
    rate_in = file.samplerate
    common = math.gcd(rate_in, rate_out)
    step_in, step_out = rate_in // common, rate_out // common  # these spans last equally long
    first = round(start_s * rate_out)
    steps = max(0, int((start_s - MARGIN_S) * common))
    n_in, stop = sys.maxsize, None
    if duration_s is not None:
        stop = first + max(1, round(duration_s * rate_out))
        n_in = math.ceil((stop / rate_out + MARGIN_S) * rate_in) - steps * step_in
    _skip(file, steps * step_in)
    resampled = resample(_mono_blocks(file, n_in), rate_in, rate_out)
    offset = steps * step_out
    return resampled[first - offset : None if stop is None else stop - offset]


def resample(blocks: Iterator[Waveform], rate_in: int, rate_out: int) -> Waveform:
    """Blocks of one mono waveform at `rate_in` as a waveform at `rate_out`, by soxr's HQ."""
    parts = resampled_blocks(blocks, rate_in, rate_out)
    return np.concatenate([np.empty(0, np.float32), *parts])


def resampled_blocks(blocks: Iterator[Waveform], rate_in: int, rate_out: int) -> Iterator[Waveform]:
    """Blocks of one mono waveform at `rate_in` as blocks of it at `rate_out`, by soxr's HQ."""
    if rate_in == rate_out:
        yield from blocks
        return
    stream = soxr.ResampleStream(rate_in, rate_out, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.empty(0, np.float32), last=True)


def _skip(file: soundfile.SoundFile, n_frames: int) -> None:
    if file.format in _INEXACT_SEEK:
        for _ in _mono_blocks(file, n_frames):
            pass
    else:
        file.seek(min(n_frames, file.frames))


def _mono_blocks(file: soundfile.SoundFile, n_frames: int) -> Iterator[Waveform]:
    block_frames = _BLOCK_VALUES // file.channels
    while n_frames > 0:
        block = file.read(min(n_frames, block_frames), dtype="float32", always_2d=True)
        if not len(block):
            return
        n_frames -= len(block)
        yield block[:, 0] if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)


@contextmanager
def _open(path: Path) -> Iterator[soundfile.SoundFile]:
    path = Path(path)
    if not path.is_file():
        raise AudioError(f"{path}: {'not a regular' if path.exists() else 'no such'} file.")
    if not os.access(path, os.R_OK):
        raise AudioError(f"{path}: no permission to read it.")
    if path.stat().st_size == 0:
        raise AudioError(f"{path}: the file is empty (0 bytes).")
    try:
        file = soundfile.SoundFile(path if os.name == "nt" else os.fsencode(path))
    except (soundfile.LibsndfileError, TypeError) as fault:  # TypeError: a .raw name
        raise AudioError(
            f"{path}: cannot be decoded ({_reason(fault)}); WAV, FLAC, OGG, MP3 and AIFF can."
        ) from fault
    except OSError as fault:
        raise AudioError(f"{path}: cannot be read ({fault.strerror or fault}).") from fault
    with file:
        try:
            yield file
        except soundfile.LibsndfileError as fault:
            raise AudioError(
                f"{path}: is broken or cut off ({_reason(fault)}); copy it anew, or remove it."
            ) from fault
        except OSError as fault:
            raise AudioError(f"{path}: cannot be read ({fault.strerror or fault}).") from fault


def _reason(fault: Exception) -> str:
    text = getattr(fault, "error_string", None) or str(fault)
    return str(text).rstrip(".")
