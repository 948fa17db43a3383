"""Waveforms in, descriptors of timbre out; pure functions."""

from timbrespace.features.cepstrum import mfcc, mfcc_statistics
from timbrespace.features.envelope import attack_s, loudness_envelope, peak_db, waveform_overview
from timbrespace.features.mel import mel_bands, mel_power
from timbrespace.features.pitch import Pitch, pitch
from timbrespace.features.spectrum import (
    noisiness,
    power_frames,
    spectral_centroid_hz,
    spectral_flatness,
)

__all__ = [
    "Pitch",
    "attack_s",
    "loudness_envelope",
    "mel_bands",
    "mel_power",
    "mfcc",
    "mfcc_statistics",
    "noisiness",
    "peak_db",
    "pitch",
    "power_frames",
    "spectral_centroid_hz",
    "spectral_flatness",
    "waveform_overview",
]
