"""The paper's tables, and what was trained.

Comes in: scores of every run. Goes out: `Section`s of a report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from timbrespace.evaluation.report import Section, Table
from timbrespace.evaluation.tagging_results import scores_by_count
from timbrespace.reproduction.zhong2023.paper import (
    DIFFERENCES,
    FULL,
    PUBLISHED,
    RELEASED,
    ROWS,
    SCRATCH,
    STARTS,
    Row,
)
from timbrespace.reproduction.zhong2023.plan import Request, RunKey
from timbrespace.reproduction.zhong2023.scores import (
    HeldOut,
    Judged,
    gain_of_pretraining,
    mean_and_deviation,
    middle_run,
    runs_of,
)
from timbrespace.reproduction.zhong2023.sizes import Size, size_of
from timbrespace.tagging.excerpts import Excerpts

Runs = Mapping[RunKey, Judged]

_SCORES: Mapping[str, Callable[[Judged], float]] = {
    "F1 micro": lambda run: run.scores.f1_micro,
    "F1 macro": lambda run: run.scores.f1_macro,
    "LRAP": lambda run: run.scores.lrap,
    "mAP": lambda run: run.scores.mean_average_precision,
}
_SKIPPED = "none of its own rows was asked for."
_PUBLISHED = "published on IRMAS (F1 micro / F1 macro / LRAP)"


def trained_section(request: Request, excerpts: Excerpts) -> Section:
    """What was trained for how long, and all that differs from the paper."""
    counts = {split: len(excerpts.of_split(split)) for split in ("train", "valid", "test")}
    numbers = ", ".join(f"{count:,} {split}" for split, count in counts.items())
    corpus = "IRMAS" if request.is_irmas else "rendered mixes, which are not IRMAS"
    length = (
        f"{request.steps[0]:,} steps of pre-training and {request.steps[1]:,} of fine-tuning"
        if request.steps
        else "as the recipes say"
    )
    return Section(
        name="what-differs-from-the-paper",
        text=(
            f"Excerpts: {corpus}, {request.excerpts}: {numbers}. Notes: {request.notes or 'none'}. "
            f"Seeds: {', '.join(map(str, request.seeds))}. Length: {length}.",
            f"Settings changed in every recipe: {', '.join(request.changes) or 'none'}; in every "
            f"fine-tuning: {', '.join(request.tuning) or 'none'}.",
            *DIFFERENCES,
        ),
    )


def scores_section(
    name: str, caption: str, rows: Mapping[str, Row], judged: Runs, request: Request
) -> Section:
    """One of the paper's tables.

    Args:
        name: of the section and its table.
        caption: what the table is.
        rows: in the order to show; those that were not run are left out.
        judged: scores.
        request: what was asked for.
    """
    shown = _shown(rows, judged)
    if not shown:
        return Section(name=name, skipped=_SKIPPED)
    there = "IRMAS" if request.is_irmas else "rendered mixes; published numbers are of other data"
    cells = [(rows[row].title, *_cells(judged, row), _published(row)) for row in shown]
    return Section(
        name=name,
        tables=[
            Table(
                name=name,
                caption=f"{caption} Test excerpts of {there}; {_meaning(judged, shown[0])}.",
                header=("system", *_SCORES, _PUBLISHED),
                rows=cells,
            )
        ],
        record={row: _record(judged, row) for row in shown},
    )


def sizes_section(rows: Mapping[str, Row], judged: Runs, request: Request) -> Section:
    """Weights and multiply-adds beside the scores."""
    name = "smaller-networks"
    shown = _shown(rows, judged)
    if not shown:
        return Section(name=name, skipped=_SKIPPED)
    sizes: dict[str, Size] = {
        row: size_of(request, row, n_classes=_classes(judged)) for row in shown
    }
    cells = [
        (
            rows[row].title,
            f"{sizes[row].n_weights / 1e3:,.0f} k",
            f"{sizes[row].multiply_adds / 1e6:,.0f} M",
            *_cells(judged, row),
        )
        for row in shown
    ]
    caption = (
        "Table IV of the paper: fewer blocks, blocks that share weights, fewer channels. "
        f"Multiply-adds are those of a second of sound; {_meaning(judged, shown[0])}."
    )
    return Section(
        name=name,
        tables=[
            Table(
                name=name,
                caption=caption,
                header=("system", "weights", "multiply-adds", *_SCORES),
                rows=cells,
            )
        ],
        record={row: {**sizes[row]._asdict(), **_record(judged, row)} for row in shown},
    )


def fractions_section(judged: Runs, tests: HeldOut) -> Section:
    """Pre-trained and not, on shares of the excerpts."""
    name = "less-fine-tuning-data"
    fractions = sorted({key.fraction for key in judged if key.row == FULL})
    fractions = [share for share in fractions if runs_of(judged, SCRATCH, share)]
    if not fractions:
        return Section(name=name, skipped=f"needs the rows {FULL} and {SCRATCH}.")
    gains = {share: gain_of_pretraining(judged, tests, share) for share in fractions}
    cells = [
        (
            f"{100 * share:g} %",
            *(_spread(judged, row, "F1 micro", share) for row in (FULL, SCRATCH)),
            f"{gain.mean:+.3f}",
            f"{gain.low:+.3f} to {gain.high:+.3f}",
        )
        for share, gain in gains.items()
    ]
    caption = (
        "Micro F1 on the test excerpts after training on a share of the training excerpts. Gain: "
        "of pre-training, and where 95 % of gains lie when songs are drawn anew; an interval "
        "without 0 is significant."
    )
    header = ("excerpts", ROWS[FULL].title, ROWS[SCRATCH].title, "gain", "95 % of gains")
    return Section(
        name=name,
        tables=[Table(name=name, caption=caption, header=header, rows=cells)],
        record={f"{share:g}": vars(gain) for share, gain in gains.items()},
    )


def counts_section(judged: Runs, tests: HeldOut, row: str) -> Section:
    """Scores by how many instruments lead."""
    run = judged[middle_run(judged, row)]
    parts = scores_by_count(tests.truth, run.rates, run.threshold, tests.known)
    cells = [
        (str(count), f"{of.n_sounds:,}", f"{of.f1_micro:.3f}", f"{of.lrap:.3f}")
        for count, of in parts.items()
    ]
    name = "by-number-of-instruments"
    caption = f"By how many instruments lead in an excerpt; {ROWS[row].title}, middle seed."
    header = ("instruments", "excerpts", "F1 micro", "LRAP")
    return Section(
        name=name,
        tables=[Table(name=name, caption=caption, header=header, rows=cells)],
        record={str(count): of.as_record() for count, of in parts.items()},
    )


def _shown(rows: Mapping[str, Row], judged: Runs) -> list[str]:
    """Rows that were run; none where it is only the one that all tables share."""
    found = [row for row in rows if runs_of(judged, row)]
    return [] if found == [FULL] and rows is not STARTS else found


def _cells(judged: Runs, row: str) -> list[str]:
    return [_spread(judged, row, score) for score in _SCORES]


def _spread(judged: Runs, row: str, score: str, fraction: float = 1.0) -> str:
    values = [_SCORES[score](judged[key]) for key in runs_of(judged, row, fraction)]
    mean, deviation = mean_and_deviation(values)
    return f"{mean:.3f}" + ("" if math.isnan(deviation) else f" ± {deviation:.3f}")


def _meaning(judged: Runs, row: str) -> str:
    n_seeds = len(runs_of(judged, row))
    return f"mean over {n_seeds} seeds ± their standard deviation" if n_seeds > 1 else "one seed"


def _published(row: str) -> str:
    told = []
    for source, numbers in (("paper", PUBLISHED), ("released code", RELEASED)):
        if row in numbers:
            shown = ["–" if value is None else f"{value:.3f}" for value in numbers[row]]
            told.append(f"{' / '.join(shown)} ({source})")
    return "; ".join(told) or "–"


def _record(judged: Runs, row: str) -> dict[str, object]:
    return {
        "published": PUBLISHED[row]._asdict() if row in PUBLISHED else None,
        "released": RELEASED[row]._asdict() if row in RELEASED else None,
        "runs": {
            key.name: {
                **run.scores.as_record(),
                "threshold": run.threshold,
                "f1_micro_own_thresholds": run.f1_own_thresholds[0],
                "f1_macro_own_thresholds": run.f1_own_thresholds[1],
            }
            for key, run in judged.items()
            if key.row == row
        },
    }


def _classes(judged: Runs) -> int:
    return int(np.shape(next(iter(judged.values())).rates)[1])
