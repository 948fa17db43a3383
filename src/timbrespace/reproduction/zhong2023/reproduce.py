"""The paper again, from notes and excerpts to a report.

Comes in: a `Request` and a folder. Goes out: the folder

    plan.json     what was asked for
    excerpts/     the excerpts, packed for training
    pretraining/  a run on notes for each recipe and seed
    runs/         a fine-tuning run for each row, seed and share of the excerpts
    report.html   tables and figures on one page; report.json, tables.md, tables.tex, figures/

A stop at any moment loses no finished part; the same request goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import Progress

from timbrespace.evaluation.report import Section, write_report
from timbrespace.locks import exclusive
from timbrespace.reproduction.zhong2023.breakdown import counts_section, fractions_section
from timbrespace.reproduction.zhong2023.figures import classes_section, fractions_picture
from timbrespace.reproduction.zhong2023.paper import ABLATIONS, FULL, SIZES, STARTS
from timbrespace.reproduction.zhong2023.plan import Request, RunKey, check_plan, write_plan
from timbrespace.reproduction.zhong2023.runs import check_notes, finish_runs, read_excerpts
from timbrespace.reproduction.zhong2023.scores import (
    HeldOut,
    Judged,
    held_out,
    judge_runs,
    middle_run,
    runs_of,
)
from timbrespace.reproduction.zhong2023.sizes import check_networks, row_title
from timbrespace.reproduction.zhong2023.tables import (
    scores_section,
    sizes_section,
    trained_section,
)

_STARTS = "Table II of the paper: pre-trained on notes or not."
_ABLATIONS = "Table III of the paper: pre-training without one of its parts."


@dataclass(frozen=True)
class TaggingReproduction:
    """What came of a request.

    Attributes:
        page: the report.
        sections: of the report.
        problems: one line for each sound that could not be used.
    """

    page: Path
    sections: tuple[Section, ...]
    problems: list[str]


def reproduce_tagging(request: Request, folder: Path, *, progress: Progress) -> TaggingReproduction:
    """Pre-train, fine-tune, judge and report; what an earlier call finished is not done again.

    Args:
        request: what to do.
        folder: where all is kept.
        progress: shows how far the work is.

    Raises:
        InputError: the sounds cannot be trained on or tested, or another process works here.
        ConfigError: a setting does not fit, or the folder holds another request.
    """
    with exclusive(folder / ".lock", work="reproducing"):
        check_plan(folder / "plan.json", request)
        for key in request.runs:
            request.fine_tuning(key)
        check_networks(request)
        check_notes(request)
        excerpts, problems = read_excerpts(request, folder, progress)
        write_plan(folder / "plan.json", request)
        problems += finish_runs(request, excerpts, folder, progress)
        tests = held_out(excerpts)
        judged = judge_runs(request, excerpts, tests, folder)
        sections = (trained_section(request, excerpts), *_sections(request, judged, tests))
        page = write_report(sections, folder, title="Zhong et al. 2023, reproduced")
    return TaggingReproduction(page, sections, problems)


def _sections(
    request: Request, judged: Mapping[RunKey, Judged], tests: HeldOut
) -> Iterator[Section]:
    yield scores_section("initialisation", _STARTS, STARTS, judged, request)
    yield scores_section("ablations", _ABLATIONS, ABLATIONS, judged, request)
    yield sizes_section(SIZES, judged, request)
    fractions = fractions_section(judged, tests)
    if not fractions.skipped:
        fractions = replace(fractions, pictures=[fractions_picture(judged)])
    yield fractions
    key = middle_run(judged, FULL if runs_of(judged, FULL) else request.rows[0])
    title = row_title(request, key.row)
    yield counts_section(judged, tests, key, title)
    yield classes_section(judged, tests, key, title)
