"""Is one system better than another, or luckier?

Comes in: equal error rates with their numbers of trials, or one value of two systems for each
instrument. Goes out: two-sided p-values from 0 to 1; small ones speak against chance.

The z-test takes trials as independent, as the published evaluation does. They are not (each note
meets every enrolment), which makes differences of luck look real; and it forgets that both systems
met the same trials, which hides real ones. The permutation test does neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError


class Comparison(NamedTuple):
    """Two systems compared.

    Attributes:
        first: name of one system.
        second: name of the other.
        statistic: z, or the mean difference over instruments; positive if the first errs more.
        p: probability of so large a difference by chance, if this were the only comparison.
        p_adjusted: the same, in the company of all other comparisons.
    """

    first: str
    second: str
    statistic: float
    p: float
    p_adjusted: float


def compare_systems(
    eers: Mapping[str, float], *, n_target: int, n_nontarget: int
) -> list[Comparison]:
    """Compare every pair of systems by the z-test, adjusted by Holm's method.

    Args:
        eers: equal error rate of each system on the same trials, 0 to 0.5; two or more.
        n_target: target trials.
        n_nontarget: non-target trials.

    Raises:
        InputError: there are fewer than two systems, or as `eer_z`.

    Example:
        >>> found = compare_systems({"a": 0.1, "b": 0.2}, n_target=500, n_nontarget=500)
        >>> found[0].p_adjusted < 0.001
        True

    Source: Shi, Cooper & Yamagishi 2022, doi:10.1109/TASLP.2022.3140549, equation 1.
    """
    counts = {"n_target": n_target, "n_nontarget": n_nontarget}
    z = {(a, b): eer_z(eers[a], eers[b], **counts) for a, b in _pairs(eers)}
    return _adjusted(z, [erfc(abs(value) / sqrt(2)) for value in z.values()])


def compare_by_instrument(
    eers: Mapping[str, npt.ArrayLike], *, n_permutations: int = 10_000, seed: int = 0
) -> list[Comparison]:
    """Compare every pair of systems by the permutation test, adjusted by Holm's method.

    Args:
        eers: of each system one rate an instrument, in the same order; two systems or more.
        n_permutations: as in `paired_permutation_p`.
        seed: as in `paired_permutation_p`.

    Raises:
        InputError: there are fewer than two systems, or as `paired_permutation_p`.
        ConfigError: as `paired_permutation_p`.
    """
    rates = {name: np.asarray(values, dtype=np.float64) for name, values in eers.items()}
    options = {"n_permutations": n_permutations, "seed": seed}
    p = [paired_permutation_p(rates[a], rates[b], **options) for a, b in _pairs(rates)]
    return _adjusted({(a, b): float(np.mean(rates[a] - rates[b])) for a, b in _pairs(rates)}, p)


def eer_z(first: float, second: float, *, n_target: int, n_nontarget: int) -> float:
    """Difference of two equal error rates in standard deviations of independent trials.

    z = (a - b) / sqrt(variance(a) + variance(b)), of `eer_variance`

    Args:
        first: an equal error rate, 0 to 0.5 as the convex hull gives it.
        second: another.
        n_target: target trials of each.
        n_nontarget: non-target trials of each.

    Returns:
        z, standard normal if the systems are equally good; 0 if both rates are equal.

    Raises:
        InputError: as `eer_variance`.

    Source: as `eer_variance`.
    """
    variance = sum(
        eer_variance(rate, n_target=n_target, n_nontarget=n_nontarget) for rate in (first, second)
    )
    return (first - second) / sqrt(variance) if first != second else 0.0


def eer_variance(rate: float, *, n_target: int, n_nontarget: int) -> float:
    """Variance of an equal error rate if all trials were independent.

    variance = rate (1 - rate) / 4 * (1 / n_target + 1 / n_nontarget)

    Args:
        rate: an equal error rate, 0 to 0.5 as the convex hull gives it.
        n_target: target trials.
        n_nontarget: non-target trials.

    Raises:
        InputError: the rate is not from 0 to 0.5, or a number of trials is below 1.

    Source: Bengio & Mariéthoz 2004, "A statistical significance test for person authentication",
    Odyssey, for the mean of misses and false alarms where they are as frequent.
    """
    if not 0 <= rate <= 0.5 or min(n_target, n_nontarget) < 1:
        raise InputError(
            f"an equal error rate lies from 0 to 0.5 and needs trials; got {rate:g} of {n_target} "
            f"target and {n_nontarget} non-target trials."
        )
    return rate * (1 - rate) / 4 * (1 / n_target + 1 / n_nontarget)


def holm(p_values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """p-values adjusted so that the chance of any false discovery stays below the level.

    Args:
        p_values: of all comparisons made, 0 to 1; (comparisons,).

    Returns:
        Adjusted p-values in the same order, never lower than before.

    Raises:
        InputError: a value is not from 0 to 1.

    Example:
        >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
        [0.03, 0.06, 0.06]

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian
    Journal of Statistics 6.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise InputError(f"p-values must be one row of values from 0 to 1, got {p.tolist()}.")
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def paired_permutation_p(
    first: npt.ArrayLike, second: npt.ArrayLike, *, n_permutations: int = 10_000, seed: int = 0
) -> float:
    """Probability that two systems differ so much by chance, instruments being the sample.

    If the systems were equally good, their values could be exchanged at each instrument. All 2^n
    exchanges are tried if they are no more than `n_permutations`, else so many random ones. The
    statistic is the absolute mean difference.

    Args:
        first: one value an instrument, as an equal error rate; (instruments,).
        second: those of the other system, in the same order; (instruments,).
        n_permutations: most exchanges to try, >= 1.
        seed: of the random exchanges.

    Raises:
        ConfigError: `n_permutations` is below 1.
        InputError: the rows differ in length, are empty or hold values that are not finite.

    Example:
        >>> paired_permutation_p([0.1, 0.2, 0.1], [0.3, 0.3, 0.4])  # 2 of 8 exchanges
        0.25

    Source: Good 2005, "Permutation, Parametric and Bootstrap Tests of Hypotheses", chapter 3;
    counting the observed one among random exchanges: Phipson & Smyth 2010,
    doi:10.2202/1544-6115.1585.
    """
    if n_permutations < 1:
        raise ConfigError(f"n_permutations must be at least 1, got {n_permutations}.")
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape or not one.size:
        raise InputError(
            f"both systems need one value for each instrument; got {one.shape} and {other.shape}."
        )
    difference = one - other
    if not np.isfinite(difference).all():
        raise InputError("values must be finite to be compared; found NaN or infinity.")
    exact = 2**one.size <= n_permutations
    if exact:
        signs = 1 - 2 * (np.arange(2**one.size)[:, None] >> np.arange(one.size) & 1)
    else:
        signs = np.random.default_rng(seed).choice([-1, 1], (n_permutations, one.size))
    observed = abs(difference.sum()) * (1 - 1e-12)  # sums of equal terms differ by rounding
    n_as_large = int((np.abs(signs @ difference) >= observed).sum())
    return n_as_large / len(signs) if exact else (1 + n_as_large) / (1 + len(signs))


def _pairs(systems: Mapping[str, object]) -> list[tuple[str, str]]:
    if len(systems) < 2:
        raise InputError(f"a comparison needs two or more systems, got {len(systems)}.")
    return list(combinations(systems, 2))


def _adjusted(statistics: Mapping[tuple[str, str], float], p: list[float]) -> list[Comparison]:
    adjusted = holm(p).tolist()
    return [
        Comparison(*pair, statistic, *both)
        for (pair, statistic), *both in zip(statistics.items(), p, adjusted, strict=True)
    ]
