"""How well vectors tell instruments apart, by the method of speaker verification.

Comes in: one vector and one instrument name per note. Goes out: a `Verification` with the equal
error rate of each random draw of enrolments, their mean and its intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.bootstrap import eer_interval
from timbrespace.evaluation.breakdown import group_eers, groups_of
from timbrespace.evaluation.error_rates import DetCurve, lowest_cost
from timbrespace.evaluation.findings import (
    CohortUse,
    Protocol,
    ScoreHistogram,
    Verification,
    score_histogram,
    total_histogram,
)
from timbrespace.evaluation.hull import Rates, convex_hull, equal_error, error_counts
from timbrespace.evaluation.labels import Labels, checked_labels
from timbrespace.evaluation.protocols import (
    Codes,
    Scores,
    exhaustive_scores,
    paper_scores,
    pool_trials,
)
from timbrespace.evaluation.score_normalisation import N_NEAREST, ScoreNormalisation
from timbrespace.evaluation.vectors import Vectors, unit_vectors

Flags = npt.NDArray[np.bool_]


class _Notes(NamedTuple):
    """Notes that take part; `keep` tells which of all they are."""

    unit: Vectors
    codes: Codes
    names: Labels
    keep: Flags
    dropped: tuple[str, ...]

    def groups(self, of_all: npt.ArrayLike) -> tuple[list[str], Codes]:
        """Names of the groups of the instruments that take part, and each instrument's group."""
        groups = np.asarray(of_all, dtype=object)
        if groups.shape != self.keep.shape:
            raise InputError(f"{self.keep.size} notes need a group each; got shape {groups.shape}.")
        return groups_of(groups[self.keep], self.codes, self.names)


class _Draw(NamedTuple):
    """Rates of one draw of enrolments."""

    eer: float
    min_dcf: float
    n_target: int
    n_nontarget: int
    group_eers: list[Rates]
    det: DetCurve
    histogram: ScoreHistogram


def verify(
    vectors: npt.ArrayLike,
    instruments: npt.ArrayLike,
    *,
    protocol: Protocol = "exhaustive",
    enrolment_notes: int = 5,
    pool_notes: int = 20,
    repeats: int = 10,
    seed: int = 0,
    drop_short: bool = False,
    groups: Mapping[str, npt.ArrayLike] | None = None,
    p_target: float = 0.01,
    n_resamples: int = 0,
    cohort: npt.ArrayLike | None = None,
    cohort_nearest: int = N_NEAREST,
) -> Verification:
    """Enrol each instrument by a few notes, compare other notes with it, and count the errors.

    Scores are float64 cosines; `timbrespace.evaluation.protocols` says how trials are made. Equal
    instruments and seeds give equal trials whatever the vectors are, so systems can be compared.
    With a cohort, everything is found from normalised scores (AS-norm, see
    `timbrespace.evaluation.score_normalisation`) of the same trials.
    The largest thing in memory is one score for each pair of note and instrument.

    Args:
        vectors: (notes, dimensions), finite, no row all zero.
        instruments: the name of each note's instrument; (notes,).
        protocol: "exhaustive" compares every note with every instrument, "paper" as many notes of
            others as of its own.
        enrolment_notes: notes averaged for each instrument.
        pool_notes: target notes, and non-target notes, of each instrument under "paper".
        repeats: random draws; draw k is the same whatever their number.
        seed: of the draws.
        drop_short: leave out instruments that have too few notes instead of raising.
        groups: by a name, the group (family, maker, the instrument itself …) of each note, None if
            unknown; each group's equal error rate is found too.
        p_target: how often a target is expected in the detection cost.
        n_resamples: draws of instruments for the interval over instruments; 0 for none.
        cohort: a vector for each of many other instruments, (m, dimensions), by which scores are
            normalised; None leaves them as cosines.
        cohort_nearest: how many of the cohort, those most alike, a note is compared with.

    Raises:
        ConfigError: the protocol is unknown, a count is below 1, the seed or `n_resamples` below 0,
            `p_target` not between 0 and 1, or `cohort_nearest` below 2.
        InputError: vectors and instruments differ in number, an instrument is None, a vector has no
            direction, fewer than two instruments are left, an instrument's notes are in several
            groups, (without `drop_short`) an instrument has too few notes, or the cohort has fewer
            than two vectors, or other dimensions.

    Example:
        >>> vectors = np.repeat([[1, 0], [0, 1]], 30, axis=0)
        >>> found = verify(vectors, ["oboe"] * 30 + ["harp"] * 30)
        >>> found.eer, found.n_target, found.n_nontarget
        (0.0, 50, 50)
    """
    counts = {"enrolment_notes": enrolment_notes, "pool_notes": pool_notes, "repeats": repeats}
    _check_settings(protocol, counts, {"seed": seed, "n_resamples": n_resamples})
    needed = enrolment_notes + (pool_notes if protocol == "paper" else 1)
    notes = _enrollable(vectors, instruments, needed, drop_short=drop_short)
    normalise = None
    if cohort is not None:
        normalise = ScoreNormalisation(notes.unit, cohort, n_nearest=cohort_nearest)
    options: dict[str, Any] = {"enrolment_notes": enrolment_notes, "normalise": normalise}
    score: Callable[..., Scores] = partial(exhaustive_scores, **options)
    if protocol == "paper":
        score = partial(paper_scores, pool_notes=pool_notes, **options)
    parts = {name: notes.groups(group) for name, group in (groups or {}).items()}
    group_codes = [part for _, part in parts.values()]
    rates = partial(_rates, p_target=p_target, normalised=normalise is not None)
    draws = [
        rates(score(notes.unit, notes.codes, rng=rng), notes.codes, group_codes)
        for rng in _generators(seed, repeats)
    ]
    eers = tuple(draw.eer for draw in draws)
    typical = int(np.abs(np.subtract(eers, np.mean(eers))).argmin())
    interval = None
    if n_resamples:
        again = score(notes.unit, notes.codes, rng=_generators(seed, repeats)[typical])
        interval = eer_interval(again, notes.codes, n_resamples=n_resamples, seed=seed)
    return Verification(
        protocol=protocol,
        enrolment_notes=enrolment_notes,
        pool_notes=pool_notes if protocol == "paper" else None,
        score_normalisation=_use_of(normalise),
        seed=seed,
        n_instruments=len(notes.names),
        dropped=notes.dropped,
        n_target=draws[0].n_target,
        n_nontarget=draws[0].n_nontarget,
        eers=eers,
        p_target=p_target,
        min_dcf=float(np.mean([draw.min_dcf for draw in draws])),
        group_eers=_mean_eers({name: known for name, (known, _) in parts.items()}, draws),
        instrument_interval=interval,
        det=draws[typical].det,
        histogram=total_histogram(draw.histogram for draw in draws),
    )


def _use_of(normalise: ScoreNormalisation | None) -> CohortUse | None:
    return None if normalise is None else CohortUse(normalise.n_cohort, normalise.n_nearest)


def _generators(seed: int, repeats: int) -> list[np.random.Generator]:
    return np.random.default_rng(seed).spawn(repeats)


def _rates(
    scores: Scores, codes: Codes, groups: Sequence[Codes], *, p_target: float, normalised: bool
) -> _Draw:
    """All rates of one draw, whose scores are used up."""
    by_group = [group_eers(scores, codes, group) for group in groups]
    trials = pool_trials(scores, codes)
    counts = error_counts(*trials)
    hull = convex_hull(counts.missed, counts.accepted)
    return _Draw(
        eer=equal_error(*hull),
        min_dcf=lowest_cost(*hull, p_target=p_target),
        n_target=trials.target.size,
        n_nontarget=trials.nontarget.size,
        group_eers=by_group,
        det=DetCurve.of(counts),
        histogram=score_histogram(trials, normalised=normalised),
    )


def _mean_eers(
    groups: Mapping[str, Sequence[str]], draws: Sequence[_Draw]
) -> dict[str, dict[str, float]]:
    """Mean over draws of each group's equal error rate, by name of the grouping and the group."""
    return {
        name: dict(
            zip(known, np.mean([d.group_eers[k] for d in draws], axis=0).tolist(), strict=True)
        )
        for k, (name, known) in enumerate(groups.items())
    }


def _enrollable(
    vectors: npt.ArrayLike, instruments: npt.ArrayLike, needed: int, *, drop_short: bool
) -> _Notes:
    """Notes of the instruments with enough of them."""
    unit = unit_vectors(vectors)
    labels = checked_labels(instruments, len(unit))
    dropped = _short_instruments(labels, needed, drop_short=drop_short)
    keep = ~np.isin(labels, dropped) if dropped else np.ones(len(unit), np.bool_)
    names, codes = np.unique(labels[keep], return_inverse=True)
    if len(names) < 2:
        raise InputError(
            f"verification needs at least 2 instruments of {needed} notes or more; "
            f"found {len(names)}."
        )
    return _Notes(unit if keep.all() else unit[keep], codes, names, keep, dropped)


def _short_instruments(labels: Labels, needed: int, *, drop_short: bool) -> tuple[str, ...]:
    names, counts = np.unique(labels, return_counts=True)
    short = {str(name): int(n) for name, n in zip(names, counts, strict=True) if n < needed}
    if short and not drop_short:
        listed = ", ".join(f"{name} ({n})" for name, n in list(short.items())[:10])
        raise InputError(
            f"{len(short)} of {len(names)} instruments have fewer than the {needed} notes that "
            f"enrolment and trials take: {listed}{' …' if len(short) > 10 else ''}. Lower "
            "enrolment_notes or pool_notes, use the exhaustive protocol, or leave these out with "
            "drop_short."
        )
    return tuple(short)


def _check_settings(
    protocol: str, from_one: Mapping[str, int], from_zero: Mapping[str, int]
) -> None:
    if protocol not in get_args(Protocol):
        raise ConfigError(f"protocol must be one of {get_args(Protocol)}, got {protocol!r}.")
    for lowest, settings in ((1, from_one), (0, from_zero)):
        for name, value in settings.items():
            if value < lowest:
                raise ConfigError(f"{name} must be at least {lowest}, got {value}.")
