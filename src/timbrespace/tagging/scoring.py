"""Probabilities of whole excerpts: the mean over half-overlapping clips.

Comes in: a tagger and packed excerpts. Goes out: (excerpts, classes).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from timbrespace.tagging.clips import clips_of
from timbrespace.tagging.excerpts import Excerpts, Rows
from timbrespace.tagging.tagger import Tagger

_PART = 32


def excerpt_probabilities(
    tagger: Tagger,
    excerpts: Excerpts,
    chosen: Rows,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> npt.NDArray[np.float64]:
    """Probability that each class leads in each excerpt.

    Args:
        tagger: hears clips.
        excerpts: packed, at the tagger's rate.
        chosen: numbers of the excerpts; (n,).
        on_progress: called with how many more are done.

    Returns:
        (n, classes).
    """
    rates = np.zeros((len(chosen), len(tagger.classes)))
    clip = round(tagger.clip_s * tagger.sample_rate_hz)
    for first in range(0, len(chosen), _PART):
        part = chosen[first : first + _PART]
        clips, owner = [], []
        for index, number in enumerate(part, start=first):
            waveform = excerpts.store.note(int(number)).astype(np.float32) / np.float32(32768)
            cut = list(clips_of([waveform], clip_samples=clip, hop_samples=max(1, clip // 2)))
            clips += [found.waveform for found in cut]
            owner += [index] * len(cut)
        np.add.at(rates, owner, tagger.probabilities(clips))
        rates[first : first + len(part)] /= np.bincount(owner)[first:, None]
        on_progress(len(part))
    return rates
