"""Waveforms in, descriptors of timbre out; pure functions."""

from timbrespace.features.cepstrum import mfcc, mfcc_statistics
from timbrespace.features.mel import mel_bands, mel_power

__all__ = ["mel_bands", "mel_power", "mfcc", "mfcc_statistics"]
