"""Where pre-training helps, and how hard excerpts are.

Comes in: scores of every run. Goes out: `Section`s of a report.
"""

from __future__ import annotations

from timbrespace.evaluation.report import Section, Table
from timbrespace.evaluation.tagging_results import score_text, scores_by_count
from timbrespace.reproduction.zhong2023.cells import Runs, spread
from timbrespace.reproduction.zhong2023.paper import FULL, ROWS, SCRATCH
from timbrespace.reproduction.zhong2023.plan import RunKey
from timbrespace.reproduction.zhong2023.scores import (
    HeldOut,
    gain_of_pretraining,
    run_title,
    runs_of,
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
            *(spread(judged, row, "F1 micro", share) for row in (FULL, SCRATCH)),
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


def counts_section(judged: Runs, tests: HeldOut, key: RunKey, title: str) -> Section:
    """Scores of a run by how many instruments lead.

    Args:
        judged: scores.
        tests: the test excerpts.
        key: of the run.
        title: what its row shows.
    """
    run = judged[key]
    parts = scores_by_count(tests.truth, run.rates, run.threshold, tests.known)
    cells = [
        (str(count), f"{of.n_sounds:,}", score_text(of.f1_micro), score_text(of.lrap))
        for count, of in parts.items()
    ]
    name = "by-number-of-instruments"
    caption = f"By how many instruments lead in an excerpt; {run_title(judged, key, title)}."
    header = ("instruments", "excerpts", "F1 micro", "LRAP")
    return Section(
        name=name,
        tables=[Table(name=name, caption=caption, header=header, rows=cells)],
        record={str(count): of.as_record() for count, of in parts.items()},
    )
