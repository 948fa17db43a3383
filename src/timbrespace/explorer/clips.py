"""A short piece of a sound as MP3, for pages without a server.

Comes in: a sound of the catalogue. Goes out: the bytes of an MP3 file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr

from timbrespace.audio.pcm import HEADER_BYTES, WavPart
from timbrespace.errors import AudioError
from timbrespace.explorer.audio_files import open_inside

_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_FADE_S = 0.01
_QUALITY = 0.5  # of variable bit rates, 0 is best


def mp3_clip(path: Path, roots: Sequence[Path], *, start_s: float, duration_s: float) -> bytes:
    """The first seconds of a sound, faded out where they are cut, mono or stereo.

    Args:
        path: its file, from the catalogue.
        roots: folders that were added to the library.
        start_s: where in the file it begins.
        duration_s: length of the clip.

    Raises:
        AudioError: the file is gone, lies outside of the folders, or cannot be decoded.
    """
    with open_inside(path, roots) as file:
        part = WavPart(file, name=path.name, start_s=start_s, duration_s=duration_s)
        pcm = b"".join(part.blocks(HEADER_BYTES, part.size))
        rate, channels = part.sample_rate_hz, part.n_channels
    samples = np.frombuffer(pcm, "<i2").reshape(-1, channels).astype(np.float32) / 32768
    if not len(samples):
        raise AudioError(f"{path.name}: has no samples here.")
    if channels > 2:
        samples = samples.mean(axis=1, keepdims=True)
    wanted = next((known for known in _RATES_HZ if known >= rate), _RATES_HZ[-1])
    if wanted != rate:
        samples = soxr.resample(samples, rate, wanted)
    fade = min(len(samples), round(_FADE_S * wanted))
    samples[len(samples) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    clip = io.BytesIO()
    soundfile.write(
        clip,
        samples,
        wanted,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="VARIABLE",
        compression_level=_QUALITY,
    )
    return clip.getvalue()
