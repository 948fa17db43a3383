"""Copy a part of an audio file into a file of its own.

Comes in: a file and a part of it. Goes out: a WAV file with the same rate, channels and samples.
"""

from __future__ import annotations

from pathlib import Path

import soundfile

from timbrespace.errors import AudioError

_BLOCK_FRAMES = 1 << 16
_WIDE = {"FLOAT", "DOUBLE", "PCM_32", "VORBIS", "OPUS"}


def cut_audio(path: Path, out: Path, *, start_s: float, duration_s: float) -> None:
    """Write a part of a file as WAV: 24 bits, or float where the file has more.

    Args:
        path: an audio file.
        out: to be written; replaced if it is there.
        start_s: start of the part.
        duration_s: length of the part; what lies past the end is left out.

    Raises:
        AudioError: the file cannot be decoded or written.
    """
    try:
        with soundfile.SoundFile(path) as source:
            rate, left = source.samplerate, round(duration_s * source.samplerate)
            subtype = "FLOAT" if source.subtype in _WIDE else "PCM_24"
            source.seek(min(round(start_s * rate), source.frames))
            with soundfile.SoundFile(
                out, "w", rate, source.channels, subtype, format="WAV"
            ) as copy:
                while left > 0:
                    block = source.read(min(left, _BLOCK_FRAMES), dtype="float32", always_2d=True)
                    if not len(block):
                        return
                    copy.write(block)
                    left -= len(block)
    except (soundfile.LibsndfileError, OSError) as fault:
        raise AudioError(f"{path}: a part of it cannot be copied ({fault}).") from fault
