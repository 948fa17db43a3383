"""Probabilities of half-overlapping clips of excerpts, and their mean over each excerpt.

Comes in: a tagger and packed excerpts. Goes out: (clips, classes), or (excerpts, classes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

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
    n_clips = np.zeros(len(chosen), np.int64)
    for heard in clip_probabilities(tagger, excerpts, chosen, on_progress=on_progress):
        np.add.at(rates, heard.owner, heard.rates)
        np.add.at(n_clips, heard.owner, 1)
    return rates / np.maximum(n_clips, 1)[:, None]


class Heard(NamedTuple):
    """Some clips.

    Attributes:
        owner: which of the chosen excerpts each is from, by its place among them; (clips,).
        rates: (clips, classes) float32, 0 for silent ones.
    """

    owner: Rows
    rates: npt.NDArray[np.float32]


def clip_probabilities(
    tagger: Tagger,
    excerpts: Excerpts,
    chosen: Rows,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Heard]:
    """Probability that each class leads in each clip, some excerpts at a time.

    Args:
        tagger: hears clips.
        excerpts: packed, at the tagger's rate.
        chosen: numbers of the excerpts; (n,).
        on_progress: called with how many more excerpts are done.
    """
    clip = round(tagger.clip_s * tagger.sample_rate_hz)
    for first in range(0, len(chosen), _PART):
        part = chosen[first : first + _PART]
        clips, owner = [], []
        for index, number in enumerate(part, start=first):
            waveform = excerpts.store.note(int(number)).astype(np.float32) / np.float32(32768)
            cut = list(clips_of([waveform], clip_samples=clip, hop_samples=max(1, clip // 2)))
            clips += [found.waveform for found in cut]
            owner += [index] * len(cut)
        yield Heard(np.array(owner, np.int64), tagger.probabilities(clips))
        on_progress(len(part))
