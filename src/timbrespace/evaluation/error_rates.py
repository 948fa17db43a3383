"""Error rates of a detector from the scores of its trials.

Comes in: scores of target trials (same instrument) and of non-target trials (another one), higher
meaning more alike. Goes out: rates from 0 to 1 and thresholds. A trial is accepted when its score
is at or above the threshold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError
from timbrespace.evaluation.hull import ErrorCounts, Rates, convex_hull, equal_error, error_counts


class DetCurve(NamedTuple):
    """Both error rates at every threshold where they turn, the lowest threshold first.

    Attributes:
        p_fa: falls from 1 to 0; (points,).
        p_miss: rises from 0 to 1; (points,).
        threshold: from -inf (accept all) to inf (reject all); (points,).
    """

    p_fa: Rates
    p_miss: Rates
    threshold: Rates

    @classmethod
    def of(cls, counts: ErrorCounts) -> DetCurve:
        """The curve of errors that are counted already."""
        missed, accepted, threshold = counts
        return cls(accepted / accepted[0], missed / missed[-1], threshold)


def det_curve(target: npt.ArrayLike, nontarget: npt.ArrayLike) -> DetCurve:
    """Detection error trade-off: what each threshold costs.

    Args:
        target: finite scores of target trials, in any order.
        nontarget: finite scores of non-target trials, in any order.

    Raises:
        InputError: an array is empty, is not one-dimensional, or holds NaN or infinity.

    Example:
        >>> curve = det_curve(target=[0.9, 0.2], nontarget=[0.5, 0.1, 0.3])
        >>> curve.p_miss[curve.threshold == 0.9], curve.p_fa[curve.threshold == 0.9]
        (array([0.5]), array([0.]))

    Source: Martin et al. 1997, "The DET curve in assessment of detection task performance",
    Eurospeech, doi:10.21437/Eurospeech.1997-504.
    """
    return DetCurve.of(error_counts(target, nontarget))


def rocch(target: npt.ArrayLike, nontarget: npt.ArrayLike) -> tuple[Rates, Rates]:
    """Vertices of the ROC convex hull: the best errors within reach of any mix of thresholds.

    Args:
        target: as in `det_curve`.
        nontarget: as in `det_curve`.

    Returns:
        p_miss rising from 0 to 1 and p_fa falling from 1 to 0; (vertices,) each.

    Raises:
        InputError: as `det_curve`.

    Example:
        >>> p_miss, p_fa = rocch(target=[1, 4, 5], nontarget=[0, 2, 3])
        >>> p_miss.round(3).tolist(), p_fa.round(3).tolist()
        ([0.0, 0.0, 0.333, 1.0], [1.0, 0.667, 0.0, 0.0])

    Source: Brümmer & de Villiers 2013, "The BOSARIS Toolkit", arXiv:1304.2865.
    """
    counts = error_counts(target, nontarget)
    return convex_hull(counts.missed, counts.accepted)


def eer(target: npt.ArrayLike, nontarget: npt.ArrayLike) -> float:
    """Equal error rate: where the ROC convex hull has as many misses as false alarms.

    0 is perfect. Chance is 0.5, and no detector is worse: the hull of reversed scores is the line
    that guessing gives.

    Args:
        target: as in `det_curve`.
        nontarget: as in `det_curve`.

    Raises:
        InputError: as `det_curve`.

    Example:
        >>> round(eer(target=[1, 4, 5], nontarget=[0, 2, 3]), 4)  # 2/9; interpolation says 1/3
        0.2222

    Source: as `rocch`.
    """
    return equal_error(*rocch(target, nontarget))


def eer_threshold(target: npt.ArrayLike, nontarget: npt.ArrayLike) -> float:
    """The threshold at which misses and false alarms are nearest to equal; ties: the lowest.

    Args:
        target: as in `det_curve`.
        nontarget: as in `det_curve`.

    Raises:
        InputError: as `det_curve`.

    Example:
        >>> eer_threshold(target=[0.6, 0.8], nontarget=[0.1, 0.4])
        0.6
    """
    curve = det_curve(target, nontarget)
    finite = slice(1, -1)
    nearest = np.abs(curve.p_miss - curve.p_fa)[finite].argmin()
    return float(curve.threshold[finite][nearest])


def min_dcf(
    target: npt.ArrayLike,
    nontarget: npt.ArrayLike,
    *,
    p_target: float = 0.01,
    c_miss: float = 1.0,
    c_fa: float = 1.0,
) -> float:
    """Lowest detection cost of any threshold; 1 is what deciding without listening costs.

    Args:
        target: as in `det_curve`.
        nontarget: as in `det_curve`.
        p_target: as in `lowest_cost`.
        c_miss: as in `lowest_cost`.
        c_fa: as in `lowest_cost`.

    Raises:
        ConfigError: as `lowest_cost`.
        InputError: as `det_curve`.

    Example:
        >>> round(min_dcf([0.9, 0.2], [0.5, 0.1, 0.3], p_target=0.5), 4)
        0.5
    """
    return lowest_cost(*rocch(target, nontarget), p_target=p_target, c_miss=c_miss, c_fa=c_fa)


def lowest_cost(
    p_miss: Rates, p_fa: Rates, *, p_target: float, c_miss: float = 1.0, c_fa: float = 1.0
) -> float:
    """Lowest detection cost among pairs of error rates.

    cost = (p_target c_miss p_miss + (1 - p_target) c_fa p_fa)
           / min(p_target c_miss, (1 - p_target) c_fa)

    Args:
        p_miss: as `rocch` gives it.
        p_fa: as `rocch` gives it.
        p_target: how often a target is to be expected, between 0 and 1.
        c_miss: cost of one miss, > 0.
        c_fa: cost of one false alarm, > 0.

    Raises:
        ConfigError: a cost or `p_target` is out of range.

    Source: NIST 2016 Speaker Recognition Evaluation Plan, section 3.
    """
    if not 0 < p_target < 1 or not (c_miss > 0 and c_fa > 0):
        raise ConfigError(
            f"a detection cost needs 0 < p_target < 1 and costs > 0; got p_target={p_target:g}, "
            f"c_miss={c_miss:g}, c_fa={c_fa:g}."
        )
    miss, false_alarm = p_target * c_miss, (1 - p_target) * c_fa
    return float((miss * p_miss + false_alarm * p_fa).min() / min(miss, false_alarm))
