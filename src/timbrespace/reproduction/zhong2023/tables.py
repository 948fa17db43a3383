"""The paper's tables, and what was trained.

Comes in: scores of every run. Goes out: `Section`s of a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from timbrespace.evaluation.report import Section, Table
from timbrespace.evaluation.tagging_results import score_text
from timbrespace.reproduction.zhong2023.cells import SCORES, Runs, meaning, spread
from timbrespace.reproduction.zhong2023.paper import (
    DIFFERENCES,
    FULL,
    LIGHT,
    PUBLISHED,
    RELEASED,
    STARTS,
    Published,
    Row,
)
from timbrespace.reproduction.zhong2023.plan import Request
from timbrespace.reproduction.zhong2023.scores import runs_of
from timbrespace.reproduction.zhong2023.sizes import is_light, network_title, size_of
from timbrespace.tagging.excerpts import Excerpts

_SKIPPED = "none of its own rows was asked for."
_SOURCES: Mapping[str, Mapping[str, Published]] = {
    "– paper, on IRMAS": PUBLISHED,
    "– released code, on IRMAS": RELEASED,
}


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
    """One of the paper's tables; below each row, what is published of it.

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
    table = Table(
        name=name,
        caption=f"{caption} Test excerpts of {there}; {meaning(judged, shown[0])}.",
        header=("system", *SCORES),
        rows=[
            cells
            for row in shown
            for cells in ((rows[row].title, *_scores(judged, row)), *_published(row))
        ],
    )
    return Section(name=name, tables=[table], record={row: _record(judged, row) for row in shown})


def sizes_section(rows: Mapping[str, Row], judged: Runs, request: Request) -> Section:
    """Weights and multiply-adds beside the scores; rows are named by the networks trained."""
    name = "smaller-networks"
    shown = _shown(rows, judged)
    if not shown:
        return Section(name=name, skipped=_SKIPPED)
    titles = {row: network_title(request, row) for row in shown}
    sizes = {row: size_of(request, row, n_classes=_classes(judged)) for row in shown}
    cells = [
        (
            titles[row],
            f"{sizes[row].n_weights / 1e3:,.0f} k",
            f"{sizes[row].multiply_adds / 1e6:,.0f} M",
            *_scores(judged, row),
        )
        for row in shown
    ]
    caption = (
        "Table IV of the paper: fewer blocks, blocks that share weights, fewer channels. "
        f"Multiply-adds are those of a second of sound; {meaning(judged, shown[0])}."
    )
    if LIGHT in shown and is_light(request, sizes[LIGHT]):
        caption += f" “{titles[LIGHT]}” is the paper's light network of 519 thousand weights."
    header = ("network", "weights", "multiply-adds", *SCORES)
    return Section(
        name=name,
        tables=[Table(name=name, caption=caption, header=header, rows=cells)],
        record={
            row: {"network": titles[row], **sizes[row]._asdict(), **_record(judged, row)}
            for row in shown
        },
    )


def _shown(rows: Mapping[str, Row], judged: Runs) -> list[str]:
    """Rows that were run; none where it is only the one that all tables share."""
    found = [row for row in rows if runs_of(judged, row)]
    return [] if found == [FULL] and rows is not STARTS else found


def _scores(judged: Runs, row: str) -> list[str]:
    return [spread(judged, row, score) for score in SCORES]


def _published(row: str) -> Iterator[tuple[str, ...]]:
    """A row for each source; the last of the scores is ours."""
    for source, numbers in _SOURCES.items():
        if row in numbers:
            yield source, *map(score_text, numbers[row]), score_text(None)


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
