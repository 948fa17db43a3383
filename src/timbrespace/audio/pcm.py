"""Part of an audio file as 16-bit WAV, block by block, for players that cannot play the file.

Comes in: an open audio file and a part of it. Goes out: bytes of a WAV file at the file's own rate,
all channels kept; any range of them without the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import soundfile

from timbrespace.audio.decode import _INEXACT_SEEK
from timbrespace.errors import AudioError

HEADER_BYTES = 44

_BLOCK_FRAMES = 1 << 15
_MOST_BYTES = 2**32 - 1  # a WAV file counts its bytes with 32 bits


class WavPart:
    """A part of an audio file, as the bytes of a WAV file.

    Args:
        file: an audio file, open for reading; who opened it closes it.
        name: what errors call it.
        start_s: start of the part.
        duration_s: its length, at most; None takes all.

    Raises:
        AudioError: the file is not audio that libsndfile can read, or the part is too long.

    Attributes:
        size: bytes of the whole WAV file.
        sample_rate_hz: its rate.
        n_channels: its channels.
    """

    def __init__(
        self, file: BinaryIO, *, name: str, start_s: float = 0.0, duration_s: float | None = None
    ) -> None:
        try:
            self._sound = soundfile.SoundFile(file)
        except soundfile.LibsndfileError as fault:
            raise AudioError(f"{name}: cannot be decoded ({fault.error_string}).") from fault
        rate, frames = self._sound.samplerate, self._sound.frames
        self.sample_rate_hz, self.n_channels = rate, self._sound.channels
        self._first = min(round(start_s * rate), frames)
        left = frames - self._first
        self._n_frames = left if duration_s is None else min(left, round(duration_s * rate))
        self._frame_bytes = 2 * self.n_channels
        self.size = HEADER_BYTES + self._n_frames * self._frame_bytes
        if self.size > _MOST_BYTES:
            raise AudioError(f"{name}: is too long for a WAV file.")

    @property
    def container(self) -> tuple[str, str]:
        """Format and kind of samples of the file itself, as libsndfile calls them."""
        return self._sound.format, self._sound.subtype

    @property
    def is_whole(self) -> bool:
        """Whether the part is all of the file, to a hundredth of a second."""
        return bool(self._sound.frames - self._n_frames <= 0.01 * self._sound.samplerate)

    def blocks(self, start: int, stop: int) -> Iterator[bytes]:
        """Bytes `start` to `stop` of the WAV file; a file that ends early is filled with silence.

        To be called once.
        """
        if start < HEADER_BYTES:
            yield self._header()[start:stop]
        first, skipped = divmod(max(0, start - HEADER_BYTES), self._frame_bytes)
        left = stop - max(start, HEADER_BYTES)
        self._go_to(self._first + first)
        while left > 0:
            wanted = min(_BLOCK_FRAMES, -(-(left + skipped) // self._frame_bytes))
            block = self._sixteen_bits(wanted)[skipped : skipped + left]
            skipped, left = 0, left - len(block)
            yield block

    def _go_to(self, frame: int) -> None:
        if self._sound.format not in _INEXACT_SEEK:
            self._sound.seek(frame)
            return
        while frame > 0 and (read := len(self._sound.read(min(frame, _BLOCK_FRAMES)))):
            frame -= read

    def _sixteen_bits(self, n_frames: int) -> bytes:
        samples = self._sound.read(n_frames, dtype="float32", always_2d=True, fill_value=0.0)
        whole = np.clip(np.rint(32767 * np.nan_to_num(samples)), -32768, 32767)
        return bytes(whole.astype("<i2"))

    def _header(self) -> bytes:
        rate, channels = self.sample_rate_hz, self.n_channels
        n_bytes = self.size - HEADER_BYTES
        form = struct.pack(
            "<HHIIHH", 1, channels, rate, rate * self._frame_bytes, self._frame_bytes, 16
        )
        riff = b"RIFF" + struct.pack("<I", self.size - 8) + b"WAVE"
        return riff + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", n_bytes)
