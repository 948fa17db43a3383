"""What a verification found, and how sure that is.

Comes in: rates and counts of trials. Goes out: means, three intervals, and a record for JSON. Rates
go from 0 (perfect) to 0.5 (chance).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.evaluation.error_rates import DetCurve
from timbrespace.evaluation.protocols import Trials
from timbrespace.evaluation.significance import eer_variance

Protocol = Literal["exhaustive", "paper"]
Interval = tuple[float, float]
Counts = npt.NDArray[np.intp]

_N_BINS = 100
_COSINES = (-1 - 1e-9, 1 + 1e-9)  # rounding takes cosines beyond 1
_DEVIATIONS = (-25.0, 25.0)


class CohortUse(NamedTuple):
    """How scores were normalised: by AS-norm, see `timbrespace.evaluation.score_normalisation`.

    Attributes:
        n_cohort: vectors of the cohort.
        n_nearest: how many of them, the most alike, each note and enrolment was compared with.
    """

    n_cohort: int
    n_nearest: int


class ScoreHistogram(NamedTuple):
    """How many trials have which score.

    Attributes:
        edges: of the bins, from -1 to 1 for cosines, from -25 to 25 for normalised scores; the
            first and the last bin hold what lies beyond, too; (bins + 1,).
        target: target trials in each; (bins,).
        nontarget: non-target trials in each; (bins,).
    """

    edges: npt.NDArray[np.float64]
    target: Counts
    nontarget: Counts


def score_histogram(trials: Trials, *, normalised: bool = False) -> ScoreHistogram:
    """Count the scores of trials in 100 equal bins.

    Args:
        trials: of one draw.
        normalised: the scores are deviations of a cohort, not cosines.
    """
    edges = np.linspace(*(_DEVIATIONS if normalised else _COSINES), _N_BINS + 1)
    target, nontarget = (_counts(scores, edges) for scores in trials)
    return ScoreHistogram(edges, target, nontarget)


def _counts(scores: npt.NDArray[np.float64], edges: npt.NDArray[np.float64]) -> Counts:
    low, high = edges[0], edges[-1]
    counts: Counts = np.histogram(scores, len(edges) - 1, (low, high))[0]
    if counts.sum() < scores.size:
        counts[0] += np.count_nonzero(scores < low)
        counts[-1] += np.count_nonzero(scores > high)
    return counts


def total_histogram(histograms: Iterable[ScoreHistogram]) -> ScoreHistogram:
    """Trials of several draws together."""
    edges, target, nontarget = zip(*histograms, strict=True)
    return ScoreHistogram(edges[0], np.sum(target, axis=0), np.sum(nontarget, axis=0))


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a verification found, and the settings that it takes to find it again.

    Attributes:
        protocol: how trials were made.
        enrolment_notes: notes averaged for each instrument.
        pool_notes: notes of each pool; None where the protocol has no pools.
        score_normalisation: by what cohort scores were normalised; None if they are cosines.
        seed: of all random draws.
        n_instruments: instruments enrolled.
        dropped: instruments left out because they have too few notes.
        n_target: target trials of each draw.
        n_nontarget: non-target trials of each draw.
        eers: equal error rate of each draw, in order.
        p_target: how often a target is expected in `min_dcf`.
        min_dcf: mean over draws of the lowest detection cost; 1 is that of not listening.
        group_eers: by the column that groups instruments, mean over draws of each group's equal
            error rate.
        instrument_interval: where 95 % of equal error rates lie when instruments are drawn anew,
            for the draw of `det`; None if it was not asked for.
        det: DET curve of the draw whose equal error rate is nearest to the mean.
        histogram: scores of all draws.
    """

    protocol: Protocol
    enrolment_notes: int
    pool_notes: int | None
    score_normalisation: CohortUse | None
    seed: int
    n_instruments: int
    dropped: tuple[str, ...]
    n_target: int
    n_nontarget: int
    eers: tuple[float, ...]
    p_target: float
    min_dcf: float
    group_eers: dict[str, dict[str, float]]
    instrument_interval: Interval | None
    det: DetCurve
    histogram: ScoreHistogram

    @property
    def eer(self) -> float:
        """Mean equal error rate of the draws."""
        return float(np.mean(self.eers))

    @property
    def interval(self) -> Interval | None:
        """Where 95 % of such means would lie if notes were drawn anew; None for a single draw.

        Student's t over the draws. It holds the chance of the draw only, not that of which
        instruments were recorded.
        """
        from scipy.special import stdtrit

        if len(self.eers) < 2:
            return None
        error = np.std(self.eers, ddof=1) / np.sqrt(len(self.eers))
        margin = float(stdtrit(len(self.eers) - 1, 0.975) * error)
        return max(0.0, self.eer - margin), self.eer + margin

    @property
    def trial_interval(self) -> Interval:
        """Where 95 % of equal error rates would lie if the trials of a draw were independent.

        They are not, so it is too narrow. Normal approximation of Bengio & Mariéthoz 2004.
        """
        counts = {"n_target": self.n_target, "n_nontarget": self.n_nontarget}
        margin = 1.959964 * sqrt(eer_variance(self.eer, **counts))
        return max(0.0, self.eer - margin), self.eer + margin

    def as_record(self) -> dict[str, Any]:
        """Everything but the curves, ready for JSON."""
        fields = {
            name: value for name, value in vars(self).items() if name not in {"det", "histogram"}
        }
        if self.score_normalisation:
            fields["score_normalisation"] = {
                "method": "AS-norm",
                **self.score_normalisation._asdict(),
            }
        intervals = {"interval": self.interval, "trial_interval": self.trial_interval}
        return {"eer": self.eer, **intervals, **fields}
