"""Hear a file: decode it once, describe it, and prepare it for the encoder.

Comes in: a file to hear. Goes out: its sounds in pieces, each at most a minute of it, so that
memory does not grow with its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from timbrespace.audio import (
    HEARD_S,
    AudioInfo,
    array_waveform,
    as_note,
    audio_blocks,
    audio_info,
    read_audio,
)
from timbrespace.errors import AudioError
from timbrespace.library.changes import Task, content_hash, readable
from timbrespace.library.describing import Descriptors, describe
from timbrespace.library.slicing import slice_spans

Waveform = npt.NDArray[np.float32]

_RATES_HZ = (8_000, 48_000)  # descriptors need the lower one and gain nothing above the higher one
_LARGEST = 1e10  # samples; whole numbers kept as float reach 2^31, and what follows squares them


@dataclass(frozen=True)
class Sound:
    """One sound, ready to be embedded.

    Attributes:
        start_s: where it starts in its file.
        duration_s: how long it is, silence included, even if not all of it is heard.
        info: what its file's header says.
        descriptors: of the sound at its own level.
        note: trimmed and levelled, at the encoder's rate.
    """

    start_s: float
    duration_s: float
    info: AudioInfo
    descriptors: Descriptors
    note: Waveform


@dataclass(frozen=True)
class Piece:
    """What is heard of a file at once.

    Attributes:
        content_hash: of the whole file.
        sounds: in order; none if the content is what the catalogue knows.
        is_last: whether the file ends with it.
    """

    content_hash: str
    sounds: tuple[Sound, ...]
    is_last: bool


@dataclass(frozen=True)
class _Source:
    path: Path
    info: AudioInfo
    encoder_rate: int

    @property
    def rate(self) -> int:
        """The rate to decode at: that of the file, within limits."""
        lowest, highest = _RATES_HZ
        return min(max(self.info.sample_rate_hz, lowest), highest)

    def sound(self, waveform: Waveform, start_s: float, duration_s: float) -> Sound:
        name = str(self.path)
        if np.abs(waveform).max(initial=0) > _LARGEST:
            raise AudioError(f"{name}: its samples are far above full scale; repair or remove it.")
        heard = array_waveform(waveform, self.rate, sample_rate_hz=self.encoder_rate, name=name)
        note = as_note(heard, sample_rate_hz=self.encoder_rate, name=name)
        described = describe(waveform, self.rate)
        return Sound(
            start_s, duration_s, self.info, described, np.array(note)
        )  # not a view of more


def hear_sound(path: Path, sample_rate_hz: int) -> Sound:
    """A file as one sound; of one longer than `audio.HEARD_S` only that much is heard.

    Args:
        path: an audio file.
        sample_rate_hz: rate of the encoder.

    Raises:
        AudioError: as `audio.read_note`.
    """
    source = _Source(path, audio_info(path), sample_rate_hz)
    waveform = read_audio(path, sample_rate_hz=source.rate, duration_s=HEARD_S)
    heard_s = len(waveform) / source.rate
    duration_s = source.info.duration_s if heard_s >= HEARD_S else heard_s  # headers may overstate
    return source.sound(waveform, 0.0, duration_s)


def hear(task: Task, *, sample_rate_hz: int, slices: bool) -> Iterator[Piece]:
    """The sounds of a file, in pieces.

    Args:
        task: the file.
        sample_rate_hz: rate of the encoder.
        slices: whether it is cut into sounds at onsets, else it is one sound.

    Raises:
        AudioError: the file cannot be used.
        OSError: it cannot be read.
    """
    path = task.found.path
    if readable(path) != path:
        raise AudioError(f"{path}: the name is not UTF-8; rename the file.")
    content = content_hash(path)
    if content == task.known_hash:
        yield Piece(content, (), is_last=True)
        return
    listen = _slices if slices else _whole
    yield from listen(Path(path), content, sample_rate_hz)


def _whole(path: Path, content: str, encoder_rate: int) -> Iterator[Piece]:
    yield Piece(content, (hear_sound(path, encoder_rate),), is_last=True)


def _slices(path: Path, content: str, encoder_rate: int) -> Iterator[Piece]:
    source = _Source(path, audio_info(path), encoder_rate)
    n_sounds = 0
    for cut in _cut(audio_blocks(path, sample_rate_hz=source.rate), source.rate):
        sounds = []
        for start_s, waveform in cut:
            with suppress(AudioError):  # a slice without sound is none
                sounds.append(source.sound(waveform, start_s, len(waveform) / source.rate))
        n_sounds += len(sounds)
        yield Piece(content, tuple(sounds), is_last=False)
    if not n_sounds:
        raise AudioError(f"{path}: is silent; there is no sound to cut out.")
    yield Piece(content, (), is_last=True)


def _cut(blocks: Iterator[Waveform], rate: int) -> Iterator[list[tuple[float, Waveform]]]:
    """Sounds of a waveform that comes in blocks, each with its start in seconds.

    It is cut a minute at a time; the last sound of a minute may go on, so it is cut again with the
    next one, unless it is all of the minute.
    """
    held, start, longest = np.zeros(0, np.float32), 0, round(HEARD_S * rate)
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= longest:
            spans = _spans(held[:longest], rate)
            goes_on = bool(spans) and spans[-1][0] > 0
            ended = spans[:-1] if goes_on else spans
            yield [((start + first) / rate, held[first:stop]) for first, stop in ended]
            used = spans[-1][0] if goes_on else longest
            held, start = held[used:], start + used
    if len(held):
        yield [((start + first) / rate, held[first:stop]) for first, stop in _spans(held, rate)]


def _spans(waveform: Waveform, rate: int) -> list[tuple[int, int]]:
    """First sample of each sound, and the one behind its last."""
    found = slice_spans(waveform, rate)
    return [(round(at_s * rate), round((at_s + length_s) * rate)) for at_s, length_s in found]
