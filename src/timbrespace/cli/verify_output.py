"""What `timbrespace verify` prints and writes.

Comes in: verifications and comparisons. Goes out: tables on standard output, a record for JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from timbrespace.cli.shared import shown

if TYPE_CHECKING:
    from timbrespace.evaluation import Verification
    from timbrespace.evaluation.comparison import SeedSummary
    from timbrespace.evaluation.significance import Comparison

Found = Mapping["str", "Verification"]

_INTERVALS = (
    "95 % intervals: over draws, if other notes had enrolled; over trials, if trials were "
    "independent, which they are not, since each note meets every enrolment; over instruments, if "
    "other instruments had been recorded: the one to quote."
)
_TESTS = (
    "p-values are two-sided, adjusted over all pairs by Holm's method. z takes trials as "
    "independent and forgets that both systems met the same ones; the permutation test takes "
    "instruments as the sample and compares the systems on each: the one to quote."
)


def print_rates(
    out: Console, found: Found, accuracy: Mapping[str, float], *, label: str, min_dcf: bool
) -> None:
    """A row for each system, then what the trials were."""
    any_result = next(iter(found.values()))
    cost = ["minDCF"] if min_dcf else []
    normalised = any(result.score_normalisation for result in found.values())
    scores = ["scores"] if normalised else []
    intervals = ["over draws", "over trials", "over instruments"]
    table = Table("system", *scores, "EER %", *intervals, *cost, "nearest neighbour right %")
    for name, result in found.items():
        both = (result.interval, result.trial_interval, result.instrument_interval)
        costs = [f"{result.min_dcf:.3f}"] if min_dcf else []
        table.add_row(
            shown(name),
            *(["AS-norm" if result.score_normalisation else "cosines"] if normalised else []),
            _percent(result.eer),
            *map(_interval, both),
            *costs,
            _percent(accuracy[name]),
        )
    out.print(table)
    out.print(_INTERVALS)
    out.print(_trials_line(any_result, label))
    if normalised:
        out.print(_normalisation_line(found))
    if min_dcf:
        out.print(
            f"minDCF: a share of {any_result.p_target:g} of trials are targets, a miss costs as "
            "much as a false alarm; 1 is the cost of not listening"
        )
    if any_result.dropped:
        out.print(f"too few notes, left out: {', '.join(map(shown, any_result.dropped))}")


def print_seeds(out: Console, summaries: Mapping[str, SeedSummary]) -> None:
    """Mean over the seeds of each system, if any has several."""
    if all(summary.n_runs == 1 for summary in summaries.values()):
        return
    table = Table("system", "seeds", "mean EER %", "deviation over seeds")
    for name, (n_runs, mean, deviation) in summaries.items():
        spread = _percent(deviation) if n_runs > 1 else "–"
        table.add_row(shown(name), str(n_runs), _percent(mean), spread)
    out.print(table)


def print_groups(out: Console, found: Found, column: str) -> None:
    """Equal error rate of each instrument, family …: a row each, a column for each system."""
    table = Table(column, *map(shown, found), title=f"EER % by {column}", title_style="")
    for group in next(iter(found.values())).group_eers[column]:
        rates = (result.group_eers[column][group] for result in found.values())
        table.add_row(shown(group), *map(_percent, rates))
    out.print(table)


def print_pairs(
    out: Console, by_trials: Sequence[Comparison], by_instrument: Sequence[Comparison]
) -> None:
    """Both tests of every pair of systems."""
    table = Table("pair", "z", "p of z", "mean difference %", "p of permutation")
    for trials, instruments in zip(by_trials, by_instrument, strict=True):
        table.add_row(
            f"{shown(trials.first)} – {shown(trials.second)}",
            f"{trials.statistic:+.2f}",
            _p(trials.p_adjusted),
            f"{100 * instruments.statistic:+.2f}",
            _p(instruments.p_adjusted),
        )
    out.print(table)
    out.print(_TESTS)


def record(
    found: Found,
    accuracy: Mapping[str, float],
    systems: Mapping[str, str],
    pairs: tuple[Sequence[Comparison], Sequence[Comparison]] | None,
) -> dict[str, Any]:
    """All numbers, ready for JSON."""
    runs = {
        name: {
            "system": systems[name],
            **result.as_record(),
            "nearest_neighbour_accuracy": accuracy[name],
        }
        for name, result in found.items()
    }
    tests = zip(("over_trials", "over_instruments"), pairs or (), strict=False)
    return {"systems": runs, **{name: [c._asdict() for c in test] for name, test in tests}}


def _interval(low_high: tuple[float, float] | None) -> str:
    return "–".join(map(_percent, low_high)) if low_high else "–"


def _percent(rate: float) -> str:
    return f"{rate:.2%}".removesuffix("%")


def _p(value: float) -> str:
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"


def _normalisation_line(found: Found) -> str:
    uses = {result.score_normalisation for result in found.values()}
    sizes = [f"{use.n_nearest} of {use.n_cohort}" for use in uses if use]
    return (
        "score normalisation: AS-norm, scores of notes and enrolments relative to theirs with the "
        f"most alike instruments of a cohort, {' or '.join(sorted(sizes))}; nearest neighbours are "
        "by cosines in any case"
    )


def _trials_line(result: Verification, label: str) -> str:
    return (
        f"trials: {result.n_target:,} target and {result.n_nontarget:,} non-target in each of "
        f"{len(result.eers)} draws (seed {result.seed}); {result.protocol} protocol, "
        f"{result.enrolment_notes} notes enrol each {label}, {result.n_instruments} in all; "
        "guessing gives 50 %"
    )
