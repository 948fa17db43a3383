"""Descriptors of the spectrum: how bright a sound is, and how noisy.

Comes in: a mono waveform (samples,), or spectra (..., bins). Goes out: frames of spectra, or one
value for each spectrum. Silence has no centre and no noise: NaN.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from timbrespace.errors import InputError

Spectra = npt.NDArray[np.float32]
Values = npt.NDArray[np.floating]

_FLATNESS_OF_NOISE = np.exp(-np.euler_gamma)  # of white noise, whose powers are exponential
_BAND_OCTAVES = 0.5
_LEAST_BINS = 12  # of a band: fewer cannot tell a tone from noise
_FAINT = 1e-10  # of the mean power: what counts as no noise at all


def power_frames(
    waveform: npt.ArrayLike, *, fft_samples: int = 2048, most_frames: int = 32
) -> Spectra:
    """Powers of Hann-windowed frames, half a frame apart or, in a long sound, farther.

    Args:
        waveform: (samples,), at least one; a shorter one is padded to one frame.
        fft_samples: length of a frame.
        most_frames: of a long sound so many frames are taken, evenly spread.

    Returns:
        (frames, 1 + fft_samples // 2) float32.
    """
    samples = np.asarray(waveform, dtype=np.float32)
    if samples.size < fft_samples:
        samples = np.pad(samples, (0, fft_samples - samples.size))
    last = samples.size - fft_samples
    n_frames = min(most_frames, 1 + 2 * last // fft_samples)
    starts = np.linspace(0, last, n_frames).astype(np.intp)
    frames = np.lib.stride_tricks.sliding_window_view(samples, fft_samples)[starts]
    spectra = rfft(frames * _hann(fft_samples), overwrite_x=True)
    return np.asarray(np.square(spectra.real) + np.square(spectra.imag))


def spectral_centroid_hz(magnitude: npt.ArrayLike, bin_hz: npt.ArrayLike) -> Values:
    """Centre of mass of each spectrum along frequency, a first cue to brightness.

    Args:
        magnitude: linear magnitudes, not dB, >= 0; (..., bins).
        bin_hz: centre of each bin in Hz; (bins,).

    Returns:
        Centroid in Hz; (...). A silent spectrum gives NaN: it has no centre.

    Raises:
        InputError: the bin counts differ, or a magnitude is negative.

    Example:
        >>> spectral_centroid_hz([[1.0, 3.0], [0.0, 0.0]], [100.0, 200.0])
        array([175.,  nan])

    Source: Peeters et al. 2011, "The Timbre Toolbox", doi:10.1121/1.3642604.
    """
    spectra, centres = np.asarray(magnitude), np.asarray(bin_hz)
    if centres.shape != spectra.shape[-1:]:
        raise InputError(
            f"bin_hz needs one value per bin: magnitude {spectra.shape} is (..., bins), bin_hz is "
            f"{centres.shape}."
        )
    if (spectra < 0).any():
        raise InputError(f"magnitude must be >= 0, lowest is {spectra.min():.3g}; is it in dB?")
    total = spectra.sum(axis=-1)
    return np.where(
        total > 0, (spectra * centres).sum(axis=-1) / np.where(total > 0, total, 1), np.nan
    )


def spectral_flatness(power: npt.ArrayLike) -> Values:
    """Geometric mean of each spectrum over its arithmetic mean: 0 a tone, 1 perfectly flat.

    Args:
        power: >= 0; (..., bins). What lies 100 dB below the mean counts as lying there.

    Returns:
        From 0 to 1; (...). A silent spectrum gives NaN.

    Example:
        >>> spectral_flatness([[1.0, 1.0], [0.0, 0.0]])
        array([ 1., nan])

    Source: Johnston 1988, "Transform coding of audio signals using perceptual noise criteria",
    doi:10.1109/49.608.
    """
    powers = np.asarray(power)
    mean = powers.mean(axis=-1, keepdims=True)
    shape = np.maximum(powers / np.where(mean > 0, mean, 1), _FAINT)
    return np.where(mean[..., 0] > 0, np.exp(np.log(shape).mean(axis=-1)), np.nan)


def noisiness(power: npt.ArrayLike, bin_hz: npt.ArrayLike) -> float:
    """How much of a sound is noise: its flatness in bands of half an octave, as noise has it.

    In narrow bands, noise of any colour is flat, while a tone stands out of the bands that it is
    in. Bands and frames count by their power.

    Args:
        power: of each frame, at least one; (frames, bins).
        bin_hz: centre of each bin in Hz, rising evenly from 0; (bins,).

    Returns:
        From 0, steady tones, to 1, noise; NaN for silence.

    Source: ISO/IEC 15938-4 (MPEG-7 Audio), AudioSpectrumFlatness, which has bands of a quarter of
    an octave; half as many leave enough bins in each to tell tones by.
    """
    frames = np.asarray(power)
    edges = _band_edges(len(np.asarray(bin_hz)))
    widths = np.diff(edges)
    sums = np.add.reduceat(frames, edges[:-1], axis=1)[:, : widths.size]
    if not sums.any():
        return float("nan")
    means = np.maximum(sums / widths, np.finfo(np.float32).tiny)
    shape = np.maximum(frames[:, edges[0] : edges[-1]] / np.repeat(means, widths, axis=1), _FAINT)
    logs = np.add.reduceat(np.log(shape), edges[:-1] - edges[0], axis=1) / widths
    flatness = np.minimum(np.exp(logs) / _FLATNESS_OF_NOISE, 1.0)
    return float((flatness * sums).sum() / sums.sum())


@cache
def _band_edges(n_bins: int) -> npt.NDArray[np.intp]:
    """First bin of each band and the end of the last; without 0 Hz."""
    edges = [1]
    while edges[-1] < n_bins:
        edges.append(max(edges[-1] + _LEAST_BINS, round(edges[-1] * 2**_BAND_OCTAVES)))
    if len(edges) > 2:  # what is left over at the top joins the band below
        edges.pop()
    return np.array([*edges[:-1], n_bins])


@cache
def _hann(n_samples: int) -> Spectra:
    window = np.hanning(n_samples + 1)[:-1].astype(np.float32)  # periodic
    window.flags.writeable = False
    return window
