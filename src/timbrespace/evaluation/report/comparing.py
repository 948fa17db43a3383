"""Sections on how well systems tell instruments apart, and whether they differ.

Comes in: `Evidence`. Goes out: a `Section` each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.comparison import compare_runs, seed_summaries
from timbrespace.evaluation.figures import det_figure
from timbrespace.evaluation.findings import Verification
from timbrespace.evaluation.report.evidence import Evidence
from timbrespace.evaluation.report.parts import Picture, Section, Table
from timbrespace.evaluation.retrieval import nearest_neighbour_accuracy
from timbrespace.evaluation.verification_figures import histogram_figure, significance_figure

_QUESTION = (
    "A few notes of an instrument are known; is another note of that instrument, or not? The equal "
    "error rate (EER) is the share of wrong answers at the threshold where misses are as frequent "
    "as false alarms: 0 % is perfect, 50 % is guessing."
)
_INTERVALS = (
    "EER with three 95 % intervals. Over draws: if other notes of these instruments had enrolled. "
    "Over trials: if trials were independent, which they are not, since each note meets every "
    "enrolment, so it is too narrow. Over instruments, by bootstrap: if other instruments had been "
    "recorded; the one to quote. minDCF is the lowest detection cost when one trial in a hundred "
    "is a target; 1 is the cost of not listening. The last column is the share of notes whose "
    "nearest other note is of the same instrument."
)
_TESTS = (
    "Every pair of systems; p-values are two-sided and adjusted over all pairs by Holm's method. "
    "The z-test takes trials as independent and so finds too much; the permutation test takes "
    "instruments as the sample: the one to quote. A positive sign says that the first errs more."
)


def verification_section(evidence: Evidence) -> Section:
    """Error rates of each system, over all and by instrument and family.

    Raises:
        InputError: the embeddings cannot be verified.
    """
    found = evidence.verifications
    groups = [_group_table(found, name) for name in ("family", "instrument")]
    return Section(
        name="verification",
        text=[_QUESTION, _trials(next(iter(found.values())))],
        tables=[_rates_table(evidence), *_seeds_table(evidence), *(t for t in groups if t.rows)],
        pictures=[
            Picture(
                name="det",
                caption="Detection error trade-off: both error rates at every threshold, in a "
                "typical draw. Nearer to the lower left corner is better; the marks are the EERs.",
                figure=det_figure(found),
            ),
            Picture(
                name="scores",
                caption="Scores of trials in a typical draw. The less the two kinds overlap, the "
                "lower the EER.",
                figure=histogram_figure(found),
            ),
        ],
        record={"systems": {name: result.as_record() for name, result in found.items()}},
    )


def significance_section(evidence: Evidence) -> Section:
    """Which systems differ by more than chance.

    Raises:
        InputError: there are fewer than two systems, or they cannot be verified.
    """
    if len(evidence.runs) < 2:
        raise InputError("one system has nothing to be compared with.")
    found = evidence.verifications
    by_trials, by_instrument = compare_runs(found, label="instrument")
    rows = [
        (
            f"{z.first} – {z.second}",
            f"{z.statistic:+.2f}",
            p_text(z.p_adjusted),
            f"{100 * mean.statistic:+.2f}",
            p_text(mean.p_adjusted),
        )
        for z, mean in zip(by_trials, by_instrument, strict=True)
    ]
    header = ("pair", "z", "p of z", "mean difference over instruments (%)", "p of permutation")
    eers = {name: result.eer for name, result in found.items()}
    return Section(
        name="significance",
        tables=[Table(name="pairs", caption=_TESTS, header=header, rows=rows)],
        pictures=[
            Picture(
                name="significance",
                caption="Systems that differ at the 5 % level are shaded.",
                figure=significance_figure(eers, by_trials, by_instrument),
            )
        ],
        record={
            "over_trials": [pair._asdict() for pair in by_trials],
            "over_instruments": [pair._asdict() for pair in by_instrument],
        },
    )


def percent(rate: float) -> str:
    """A rate as percentage without the sign.

    Example:
        >>> percent(0.0749)
        '7.49'
    """
    return f"{100 * rate:.2f}"


def p_text(value: float) -> str:
    """A p-value with four places, or that it is smaller.

    Example:
        >>> p_text(0.0321), p_text(1e-9)
        ('0.0321', '< 0.0001')
    """
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"


def _rates_table(evidence: Evidence) -> Table:
    rows = []
    for name, result in evidence.verifications.items():
        intervals = (result.interval, result.trial_interval, result.instrument_interval)
        table = evidence.labelled[name]
        nearest = nearest_neighbour_accuracy(vectors_of(table), table["instrument"].to_pylist())
        costs = (f"{result.min_dcf:.3f}", percent(nearest))
        rows.append((name, percent(result.eer), *map(_interval, intervals), *costs))
    header = (
        "system",
        "EER (%)",
        "over draws",
        "over trials",
        "over instruments",
        "minDCF",
        "nearest right (%)",
    )
    return Table(name="rates", caption=_INTERVALS, header=header, rows=rows)


def _seeds_table(evidence: Evidence) -> Sequence[Table]:
    systems = {name: run.system for name, run in evidence.runs.items()}
    summaries = seed_summaries(evidence.verifications, systems)
    if all(summary.n_runs == 1 for summary in summaries.values()):
        return []
    rows = [
        (name, str(n_runs), percent(mean), percent(deviation) if n_runs > 1 else "–")
        for name, (n_runs, mean, deviation) in summaries.items()
    ]
    caption = "Mean EER over trainings of the same system, and their standard deviation."
    header = ("system", "trainings", "mean EER (%)", "deviation")
    return [Table(name="seeds", caption=caption, header=header, rows=rows)]


def _group_table(found: Mapping[str, Verification], group: str) -> Table:
    rates = [result.group_eers[group] for result in found.values()]
    return Table(
        name=f"by-{group}",
        caption=f"EER (%) of the trials of each {group}'s enrolments, each with a threshold of its "
        "own, mean over draws.",
        header=(group, *found),
        rows=[(name, *(percent(each[name]) for each in rates)) for name in rates[0]],
    )


def _interval(low_high: tuple[float, float] | None) -> str:
    return "–".join(map(percent, low_high)) if low_high else "–"


def _trials(result: Verification) -> str:
    left_out = (
        f" Left out, having too few notes: {', '.join(result.dropped)}." if result.dropped else ""
    )
    return (
        f"{result.n_instruments} instruments, each enrolled by {result.enrolment_notes} notes; "
        f"{result.n_target:,} target and {result.n_nontarget:,} non-target trials in each of "
        f"{len(result.eers)} draws, seed {result.seed}, {result.protocol} protocol.{left_out}"
    )
