"""Which instruments play the same recordings.

Comes in: rendered instruments and their audio. Goes out: the name of the recording that each plays.
SoundFonts descend from one another, and a SoundFont's banks from its first: MuseScore_General's
oboe is that of FluidR3_GM, compressed. As instruments of their own they would be told apart by
nothing, or by how they were stored.

Two instruments of one kind are held against each other by the spectra of the notes that both have
(of each pitch one velocity, in turn), averaged over time and free of gain. Where these differ by
less than the settings' `same_recording_db` they play the same recordings, and so do those that are
linked through a third.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from timbrespace.audio import read_audio
from timbrespace.features import mel_power
from timbrespace.manifest import SPLITS
from timbrespace.rendering.files import CorpusFolder
from timbrespace.rendering.parts import Rendered
from timbrespace.rendering.settings import NoteSettings

Spectrum = npt.NDArray[np.float64]
Spectra = Mapping[int, Spectrum]

STEP_DB = 0.5
"""Width of the steps in which differences are counted."""

_N_STEPS = 21  # the last holds all from 10 dB on
_N_MELS = 64
_FRAME_SAMPLES = 1024
_RANGE_DB = 60.0
_LOWEST_POWER = 1e-12


@dataclass(frozen=True, kw_only=True)
class SharedRecordings:
    """Who plays what.

    Attributes:
        recording_of: name of the recording that each instrument plays: that of the first
            instrument that does.
        differences: by split, how many pairs of instruments of one kind differ by 0 to 0.5 dB,
            0.5 to 1 dB, and so on, and by 10 dB or more.
    """

    recording_of: dict[str, str]
    differences: dict[str, list[int]]


def shared_recordings(
    rendered: Sequence[Rendered],
    folder: CorpusFolder,
    settings: NoteSettings,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> SharedRecordings:
    """Find the instruments that play the same recordings.

    Args:
        rendered: all instruments; their order says who is first.
        folder: where their audio lies.
        settings: with which they were rendered.
        on_progress: called with the numbers of instruments compared and to compare.

    Raises:
        AudioError: a note cannot be read.
    """
    recording_of = {one.job.instrument: one.job.instrument for one in rendered}
    differences = {split: [0] * _N_STEPS for split in SPLITS}
    groups = _of_one_kind(rendered)
    done, total = 0, sum(map(len, groups))
    for group in groups:
        names = [one.job.instrument for one in group]
        pairs = _differences([_spectra(one, folder, settings) for one in group])
        for difference in pairs.values():
            differences[group[0].job.split][_step(difference)] += 1
        linked = [pair for pair, value in pairs.items() if value < settings.same_recording_db]
        first = first_of_linked(len(group), linked)
        recording_of |= {name: names[one] for name, one in zip(names, first, strict=True)}
        done += len(group)
        on_progress(done, total)
    return SharedRecordings(recording_of=recording_of, differences=differences)


def spectrum_db(waveform: npt.ArrayLike, sample_rate_hz: int) -> Spectrum:
    """Level of a note in mel bands, averaged over time, down to 60 dB below the loudest band.

    Returns:
        dB over the loudest band; (64,).
    """
    power = mel_power(
        waveform,
        sample_rate_hz,
        n_mels=_N_MELS,
        fft_samples=_FRAME_SAMPLES,
        hop_samples=_FRAME_SAMPLES,
    ).mean(axis=0)
    level_db = 10 * np.log10(np.maximum(power, _LOWEST_POWER))
    return np.asarray(np.maximum(level_db - level_db.max(), -_RANGE_DB))


def difference_db(a: Spectra, b: Spectra) -> float:
    """How far apart two instruments are: mean over common notes and bands, free of gain.

    Args:
        a: spectra in dB by pitch, each (bands,).
        b: those of the other instrument.

    Returns:
        dB; infinite if they have no note in common.

    Example:
        >>> louder = {60: np.array([0.0, 6.0, 3.0])}
        >>> difference_db(louder, {60: np.array([-9.0, -3.0, -6.0])})
        0.0
    """
    common = sorted(a.keys() & b.keys())
    if not common:
        return float("inf")
    differences = np.stack([a[pitch] - b[pitch] for pitch in common])  # (pitches, bands)
    gains = np.median(differences, axis=1, keepdims=True)
    return float(np.abs(differences - gains).mean())


def _of_one_kind(rendered: Sequence[Rendered]) -> list[list[Rendered]]:
    groups: dict[str, list[Rendered]] = defaultdict(list)
    for one in rendered:
        groups[one.job.kind].append(one)
    return [group for group in groups.values() if len(group) > 1]


def _spectra(one: Rendered, folder: CorpusFolder, settings: NoteSettings) -> Spectra:
    """Spectra of the notes that are compared: of each pitch, one velocity in turn."""
    velocities, rate = settings.velocities, settings.sample_rate_hz
    spectra = {}
    for pitch, velocity in one.kept:
        if velocity == velocities[pitch % len(velocities)]:
            file = folder.audio(one.job.split) / f"{one.job.note(pitch, velocity)}.wav"
            spectra[pitch] = spectrum_db(read_audio(file, sample_rate_hz=rate), rate)
    return spectra


def _differences(spectra: Sequence[Spectra]) -> dict[tuple[int, int], float]:
    pairs = combinations(range(len(spectra)), 2)
    return {(a, b): difference_db(spectra[a], spectra[b]) for a, b in pairs}


def _step(difference: float) -> int:
    return int(min(difference / STEP_DB, _N_STEPS - 1))


def first_of_linked(n: int, links: Iterable[tuple[int, int]]) -> list[int]:
    """The first of those to which each of n things is linked, directly or through others.

    Example:
        >>> first_of_linked(4, [(0, 3), (2, 3)])
        [0, 1, 0, 0]
    """
    first = list(range(n))
    for a, b in links:
        new, old = sorted((first[a], first[b]))
        first = [new if one == old else one for one in first]
    return first
