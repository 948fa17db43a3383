"""The paper's tables of equal error rates, and what was trained.

Comes in: scores, a plan and its manifest. Goes out: `Section`s of a report. Rates are printed in
percent.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from timbrespace.evaluation.comparison import SeedSummary
from timbrespace.evaluation.findings import Interval, Protocol, Verification
from timbrespace.evaluation.report import Section, Table
from timbrespace.reproduction.plan import Plan
from timbrespace.reproduction.runs import BASELINE, unseen_notes
from timbrespace.reproduction.scores import Scores
from timbrespace.reproduction.shi2022 import DIFFERENCES, NOT_PUBLISHED, PUBLISHED_EER
from timbrespace.training.run import training_rows

_BASELINE_TITLE = "MFCC statistics, not trained"
_HEADER = (
    "system",
    "protocol “paper”",
    "protocol “exhaustive”",
    "over instruments",
    "published, NSynth",
)
_LENGTH_HEADER = ("row", "steps", "batch", "epochs", "s a step")


def eer_section(
    name: str, caption: str, titles: Mapping[str, str], scores: Mapping[Protocol, Scores]
) -> Section:
    """One of the paper's tables of equal error rates, with the MFCC baseline as its last row.

    Args:
        name: of the section and its table.
        caption: what the table is.
        titles: of the rows, in the order to show; rows that were not run are left out.
        scores: by protocol.
    """
    rows = [row for row in titles if row in scores["paper"].middle]
    if not rows:
        return Section(name=name, skipped="none of its rows was asked for.")
    rows.append(BASELINE)
    cells = [_cells(row, titles.get(row, _BASELINE_TITLE), scores) for row in rows]
    return Section(
        name=name,
        tables=[
            Table(name=name, caption=f"{caption} {_meaning(scores)}", header=_HEADER, rows=cells)
        ],
        record={row: _record(row, scores) for row in rows},
    )


def trained_section(plan: Plan, manifest: pa.Table) -> Section:
    """What was trained for how long, and all that differs from the paper."""
    asked = plan.request
    sounds = f"{asked.corpus}, {asked.sounds}" if asked.corpus else asked.sounds
    budget = "no budget" if asked.budget_min is None else f"{asked.budget_min:g} min in all"
    return Section(
        name="what-differs-from-the-paper",
        text=(
            f"Sounds: {sounds}. To train: {_counts(training_rows(manifest))}; to test: "
            f"{_counts(unseen_notes(manifest))}. Seeds: {', '.join(map(str, asked.seeds))}. Time "
            f"to train: {budget}.",
            f"Settings changed in every recipe: {', '.join(plan.settings) or 'none'}.",
            *DIFFERENCES,
        ),
        tables=[_length_table(plan, training_rows(manifest).num_rows)],
    )


def _meaning(scores: Mapping[Protocol, Scores]) -> str:
    n_seeds = next(iter(scores["paper"].summaries.values())).n_runs
    mean = f"mean over {n_seeds} seeds ± their standard deviation" if n_seeds > 1 else "one seed"
    trials = "; ".join(
        f"{_trials(next(iter(of.found.values())))} under “{protocol}”"
        for protocol, of in scores.items()
    )
    return (
        f"Equal error rate in % on unseen instruments, {mean}; guessing gives 50. Over "
        "instruments: where 95 % of rates lie when instruments are drawn anew (exhaustive, of the "
        f"seed nearest to the mean). {trials}."
    )


def _trials(found: Verification) -> str:
    left_out = f", {len(found.dropped)} left out" if found.dropped else ""
    return (
        f"{found.n_instruments} instruments{left_out}, {found.n_target:,} target and "
        f"{found.n_nontarget:,} non-target trials a draw"
    )


def _cells(row: str, title: str, scores: Mapping[Protocol, Scores]) -> tuple[str, ...]:
    rates = [_rate(scores[protocol].summaries[row]) for protocol in ("paper", "exhaustive")]
    interval = scores["exhaustive"].middle[row].instrument_interval
    return (title, *rates, _interval(interval), _published(row))


def _record(row: str, scores: Mapping[Protocol, Scores]) -> dict[str, object]:
    return {
        "published_eer": PUBLISHED_EER.get(row),
        **{
            protocol: {run: of.found[run].as_record() for run in of.runs(row)}
            for protocol, of in scores.items()
        },
    }


def _length_table(plan: Plan, n_notes: int) -> Table:
    rows = []
    for row in plan.request.rows:
        recipe = plan.recipe(row, plan.request.seeds[0])
        size = recipe.sampling.batch_size
        n_steps = recipe.schedule.total_steps(n_notes // size)
        step_s = f"{plan.step_s[row]:.3g}" if row in plan.step_s else "–"
        rows.append((row, f"{n_steps:,}", str(size), f"{n_steps * size / n_notes:.3g}", step_s))
    return Table(
        name="length",
        caption="Length of each run; seconds a step as measured when the budget was divided.",
        header=_LENGTH_HEADER,
        rows=rows,
    )


def _counts(rows: pa.Table) -> str:
    return f"{rows.num_rows:,} notes of {len(rows['instrument'].unique()):,} instruments"


def _rate(summary: SeedSummary) -> str:
    spread = f" ± {100 * summary.deviation:.2f}" if summary.n_runs > 1 else ""
    return f"{100 * summary.mean:.2f}{spread}"


def _interval(low_high: Interval | None) -> str:
    return "–".join(f"{100 * end:.1f}" for end in low_high) if low_high else "–"


def _published(row: str) -> str:
    if row in NOT_PUBLISHED or row == BASELINE:
        return "–"
    known = PUBLISHED_EER.get(row)
    return f"{100 * known:.3f} (seed 100)" if known else "not available here"
