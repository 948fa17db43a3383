"""What a library keeps of each sound beside its embedding: the descriptors.

Comes in: a mono waveform as decoded, not brought to any level. Goes out: its `Descriptors`, named
as the columns of the catalogue. Anything from one sample on is described; what a sound does not
have (the pitch of silence) is None.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from timbrespace.audio.loudness import loudness_lufs
from timbrespace.errors import InputError
from timbrespace.features import (
    attack_s,
    loudness_envelope,
    noisiness,
    peak_db,
    pitch,
    power_frames,
    spectral_centroid_hz,
    waveform_overview,
)

_LEAST_CONFIDENCE = 0.3  # below, a pitch is a guess and is not told
_FRAME_S = 0.093  # parts the partials of a low note


@dataclass(frozen=True, kw_only=True)
class Descriptors:
    """Descriptors of one sound.

    Attributes:
        loudness_lufs: integrated loudness; None if silent.
        peak_db: largest sample in dB of full scale; None if all are zero.
        pitch_midi: MIDI number with fraction; None if no pitch is heard.
        pitch_confidence: from 0 to 1, of the pitch or of there being none that was believed.
        attack_s: time from 20 % to 90 % of the highest amplitude; None if silent.
        brightness_hz: spectral centroid; None if silent.
        noisiness: from 0, tones, to 1, noise; None if silent.
        waveform: overview to draw, 128 minima then 128 maxima, int8.
        envelope: 64 levels over time, uint8, to compare envelopes by.
    """

    loudness_lufs: float | None
    peak_db: float | None
    pitch_midi: float | None
    pitch_confidence: float
    attack_s: float | None
    brightness_hz: float | None
    noisiness: float | None
    waveform: bytes
    envelope: bytes


def describe(waveform: npt.NDArray[np.float32], sample_rate_hz: int) -> Descriptors:
    """All descriptors of a sound.

    Args:
        waveform: (samples,), at least one, finite.
        sample_rate_hz: its rate, at least 4,000; above half of it nothing is heard, so that a low
            rate makes a bright sound duller.

    Raises:
        ConfigError: the rate is too low.
        InputError: the waveform is empty, not one-dimensional or not finite.
    """
    if waveform.ndim != 1:
        raise InputError(f"a sound must be one channel, (samples,); got shape {waveform.shape}.")
    loudness = loudness_lufs(waveform, sample_rate_hz)
    fft_samples = 2 ** round(math.log2(_FRAME_S * sample_rate_hz))
    power = power_frames(waveform, fft_samples=fft_samples)
    magnitude = np.sqrt(power).mean(axis=0)
    bin_hz = np.fft.rfftfreq(fft_samples, 1 / sample_rate_hz)
    found = pitch(waveform, sample_rate_hz)
    heard = found.confidence >= _LEAST_CONFIDENCE
    return Descriptors(
        loudness_lufs=_known(loudness),
        peak_db=_known(peak_db(waveform)),
        pitch_midi=_known(found.midi) if heard else None,
        pitch_confidence=found.confidence,
        attack_s=_known(attack_s(waveform, sample_rate_hz)),
        brightness_hz=_known(float(spectral_centroid_hz(magnitude, bin_hz))),
        noisiness=_known(noisiness(power, bin_hz)),
        waveform=waveform_overview(waveform).tobytes(),
        envelope=loudness_envelope(waveform, sample_rate_hz).tobytes(),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
