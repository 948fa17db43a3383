"""What adapting an encoder to recordings is worth, for instruments that it was not adapted to.

Comes in: embeddings of recordings, not of unit length. Goes out: equal error rates before and
after. Again and again half of the instruments adapt the encoder, and the other half are verified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from timbrespace.errors import InputError
from timbrespace.evaluation.verification import verify
from timbrespace.training import Adaptation, Recordings, adapting_map

_DRAWS = 2
_ENROLMENT = 5
_FEWEST = 4


@dataclass(frozen=True)
class AdaptedRates:
    """Equal error rates of instruments held out, means over the halves.

    Attributes:
        before: of the encoder as it was.
        after: of the encoder adapted to the other half.
        n_instruments: those with enough sounds to take part.
        n_halves: how often the instruments were halved.
    """

    before: float
    after: float
    n_instruments: int
    n_halves: int


def judge_adaptation(
    recordings: Recordings, adaptation: Adaptation, *, n_halves: int = 20, seed: int = 0
) -> AdaptedRates:
    """Verify held-out instruments before and after.

    Args:
        recordings: of at least four instruments with six sounds or more; others are left out.
        adaptation: how far they count.
        n_halves: how often the instruments are halved.
        seed: of the halves.

    Raises:
        InputError: there are fewer than four such instruments.
    """
    embeddings, instruments = recordings.embeddings, recordings.instruments
    names, counts = np.unique(instruments, return_counts=True)
    names = names[counts > _ENROLMENT]
    if len(names) < _FEWEST:
        raise InputError(
            f"judging needs at least {_FEWEST} instruments with more than {_ENROLMENT} sounds, "
            f"got {len(names)}."
        )
    rng = np.random.default_rng(seed)
    rates = []
    for _ in range(n_halves):
        half = rng.choice(names, len(names) // 2, replace=False)
        adapting = np.isin(instruments, half)
        trying = np.isin(instruments, np.setdiff1d(names, half))
        centre, turning = adapting_map(embeddings[adapting], instruments[adapting], adaptation)
        plain, labels = embeddings[trying], instruments[trying]
        adapted = (plain - centre) @ turning
        rates.append(
            [verify(vectors, labels, repeats=_DRAWS, seed=seed).eer for vectors in (plain, adapted)]
        )
    before, after = np.mean(rates, axis=0).tolist()
    return AdaptedRates(before, after, len(names), n_halves)
