"""The figures of the report.

Comes in: scores of every run. Goes out: `Section`s of a report.
"""

from __future__ import annotations

from collections.abc import Mapping

from timbrespace.evaluation.report import Picture, Section
from timbrespace.evaluation.tagging_figures import (
    confusion_figure,
    curves_figure,
    fractions_figure,
    per_tag_figure,
    reliability_figure,
)
from timbrespace.evaluation.tagging_results import tag_confusion, tag_curves, tag_reliability
from timbrespace.reproduction.zhong2023.paper import FULL, ROWS, SCRATCH, STARTS
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.scores import HeldOut, Judged, middle_run, runs_of

Runs = Mapping[RunKey, Judged]


def fractions_picture(judged: Runs) -> Picture:
    """Micro F1 against the share of the excerpts."""
    systems = {
        ROWS[row].title: {
            share: [judged[key].scores.f1_micro for key in runs_of(judged, row, share)]
            for share in sorted({key.fraction for key in judged if key.row == row})
        }
        for row in (FULL, SCRATCH)
    }
    return Picture(
        name="fractions",
        caption="Micro F1 on the test excerpts; marks are runs, lines join the means over seeds.",
        figure=fractions_figure(systems, label="micro F1"),
    )


def classes_section(judged: Runs, tests: HeldOut, row: str) -> Section:
    """What the middle run of a row tells: each class, what is taken for what, calibration."""
    key = middle_run(judged, row)
    run = judged[key]
    starts = [other for other in STARTS if runs_of(judged, other)]
    per_tag = {
        ROWS[other].title: judged[middle_run(judged, other)].scores.f1_per_tag for other in starts
    } or {ROWS[row].title: run.scores.f1_per_tag}
    curves = tag_curves(tests.truth, run.rates, tests.known)
    shares = tag_confusion(tests.truth, run.decisions, tests.known)
    reliability = tag_reliability(tests.truth, run.rates, tests.known)
    shown = f"{ROWS[row].title}, seed {key.seed}"
    return Section(
        name="classes",
        pictures=[
            Picture(
                name="per-class",
                caption="F1 of each class, of the seed nearest to the mean; one threshold for all.",
                figure=per_tag_figure(per_tag, tests.classes),
            ),
            Picture(
                name="roc",
                caption=f"Hits against false alarms, and the areas below; {shown}.",
                figure=curves_figure(curves, run.scores.auc, tests.classes),
            ),
            Picture(
                name="confusion",
                caption=f"Percent of excerpts in which an instrument leads (rows) of which another "
                f"one, that does not, is said to lead (columns); the diagonal is what was found; "
                f"{shown}.",
                figure=confusion_figure(shares, tests.classes),
            ),
            Picture(
                name="calibration",
                caption=f"Are probabilities probabilities? {shown}.",
                figure=reliability_figure({ROWS[row].title: reliability}),
            ),
        ],
        record={
            "run": key.name,
            "classes": list(tests.classes),
            "confusion": shares,
            "calibration": vars(reliability),
        },
    )
