"""The figures of the report.

Comes in: scores of every run. Goes out: `Section`s of a report.
"""

from __future__ import annotations

import numpy as np

from timbrespace.evaluation.report import Picture, Section
from timbrespace.evaluation.tagging import Flags
from timbrespace.evaluation.tagging_figures import (
    confusion_figure,
    curves_figure,
    fractions_figure,
    per_tag_figure,
    reliability_figure,
)
from timbrespace.evaluation.tagging_results import tag_confusion, tag_curves, tag_reliability
from timbrespace.reproduction.zhong2023.cells import Runs
from timbrespace.reproduction.zhong2023.paper import FULL, ROWS, SCRATCH, STARTS
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.scores import (
    HeldOut,
    has_seeds,
    middle_run,
    run_title,
    runs_of,
)


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


def classes_section(judged: Runs, tests: HeldOut, key: RunKey, title: str) -> Section:
    """What a run tells: each class, what is taken for what, calibration.

    Args:
        judged: scores.
        tests: the test excerpts.
        key: of the run.
        title: what its row shows.
    """
    run, shown = judged[key], run_title(judged, key, title)
    curves = tag_curves(tests.truth, run.rates, tests.known)
    shares = tag_confusion(tests.truth, run.decisions, tests.known)
    reliability = tag_reliability(tests.truth, run.rates, tests.known)
    absent = [name for name, led in zip(tests.classes, _led(tests), strict=True) if not led]
    left_out = f"No test excerpt is led by {', '.join(absent)}: left out of figures, or grey."
    return Section(
        name="classes",
        text=[left_out] if absent else [],
        pictures=[
            _per_class_picture(judged, tests, key, title),
            Picture(
                name="roc",
                caption=f"Hits against false alarms, and the areas below; {shown}.",
                figure=curves_figure(curves, run.scores.auc, tests.classes),
            ),
            Picture(
                name="confusion",
                caption=f"Percent of excerpts in which an instrument leads (rows) of which another "
                f"one, that does not, is said to lead (columns); the diagonal is what was found; "
                f"{shown}. Grey: no such excerpt.",
                figure=confusion_figure(shares, tests.classes),
            ),
            Picture(
                name="calibration",
                caption=f"Are probabilities probabilities? {shown}.",
                figure=reliability_figure({title: reliability}),
            ),
        ],
        record={
            "run": key.name,
            "classes": list(tests.classes),
            "confusion": shares,
            "calibration": vars(reliability),
        },
    )


def _per_class_picture(judged: Runs, tests: HeldOut, key: RunKey, title: str) -> Picture:
    """Of the rows of Table II; where none was run, of the one run that is shown."""
    keys = [middle_run(judged, row) for row in STARTS if runs_of(judged, row)]
    titles = {key: title} | {start: ROWS[start.row].title for start in keys}
    led = _led(tests)
    per_tag = {
        f"{titles[each]}, seed {each.seed}": judged[each].scores.f1_per_tag[led]
        for each in keys or [key]
    }
    nearest = "; of each row the seed nearest to the mean" if has_seeds(judged, key) else ""
    return Picture(
        name="per-class",
        caption=f"F1 of each class, with one threshold for all{nearest}.",
        figure=per_tag_figure(per_tag, list(np.array(tests.classes)[led])),
    )


def _led(tests: HeldOut) -> Flags:
    """Whether a class leads somewhere; (classes,)."""
    return np.asarray((tests.truth & tests.known).any(axis=0))
