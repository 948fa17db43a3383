"""The paper again, from sounds to a report.

Comes in: a `Request` and a folder. Goes out: the folder

    plan.json         what was asked for and what follows from it
    manifest.parquet  the sounds; notes/ holds them packed for training
    runs/             a training each, see `timbrespace.training.run`
    embeddings/       of the unseen instruments, a table for each run
    report.html       tables and figures on one page; report.json, tables.md, tables.tex, figures/

A stop at any moment loses no finished part; the same request goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from rich.progress import Progress

from timbrespace.corpora import get_corpus
from timbrespace.errors import TimbrespaceError
from timbrespace.evaluation.comparison import Run
from timbrespace.evaluation.report import Evidence, Section, Settings, write_report
from timbrespace.evaluation.report.provenance import provenance_section
from timbrespace.locks import exclusive
from timbrespace.manifest import read_manifest, write_manifest
from timbrespace.reproduction.budget import planned
from timbrespace.reproduction.figures import (
    det_section,
    family_task_section,
    filters_section,
    probed_section,
    significance_section,
)
from timbrespace.reproduction.plan import Plan, Request, read_plan, write_plan
from timbrespace.reproduction.runs import BASELINE, finish_runs, read_results, unseen_notes
from timbrespace.reproduction.scores import PROTOCOLS, Scores, score
from timbrespace.reproduction.shi2022 import ABLATIONS, FRONT_ENDS
from timbrespace.reproduction.tables import eer_section, trained_section

_ABLATIONS = "Table II of the paper: the base system without one of its parts."
_FRONT_ENDS = "Table III of the paper: front ends of the base system."


@dataclass(frozen=True)
class Reproduction:
    """What came of a request.

    Attributes:
        page: the report.
        sections: of the report.
        problems: one line for each sound that this call could not use.
    """

    page: Path
    sections: tuple[Section, ...]
    problems: list[str]


def reproduce(
    request: Request,
    folder: Path,
    *,
    progress: Progress,
    skip: Collection[str] = (),
    command: str = "",
) -> Reproduction:
    """Train, embed, score and report; what an earlier call finished is not done again.

    Args:
        request: what to do.
        folder: where all is kept.
        progress: shows how far the work is.
        skip: "probing" or "map", parts of the report to leave out.
        command: that does the same again, for the report.

    Raises:
        InputError: the sounds cannot be trained on or tested, or another process works here.
        ConfigError: a setting does not fit, or the folder holds another request.
    """
    with exclusive(folder / ".lock", work="reproducing"):
        plan, manifest, problems = _open(request, folder, progress)
        problems += finish_runs(plan, manifest, folder, progress)
        sections = tuple(_sections(plan, manifest, folder, progress, skip, command))
        page = write_report(sections, folder, title="Shi, Cooper & Yamagishi 2022, reproduced")
    return Reproduction(page, sections, problems)


def _open(request: Request, folder: Path, progress: Progress) -> tuple[Plan, pa.Table, list[str]]:
    """The plan and manifest that lie in the folder, or new ones."""
    plan = read_plan(folder / "plan.json", request)
    if plan:
        write_plan(plan, folder / "plan.json")
        return plan, read_manifest(folder / "manifest.parquet"), []
    manifest, problems = _read_sounds(request)
    unseen_notes(manifest)
    write_manifest(manifest, folder / "manifest.parquet")
    plan = planned(request, manifest, folder / "notes", progress)
    write_plan(plan, folder / "plan.json")
    return plan, manifest, problems


def _read_sounds(request: Request) -> tuple[pa.Table, list[str]]:
    if request.corpus is None:
        return read_manifest(Path(request.sounds)), []
    scan = get_corpus(request.corpus).scan(Path(request.sounds))
    return scan.manifest, [str(problem) for problem in scan.problems]


def _sections(
    plan: Plan,
    manifest: pa.Table,
    folder: Path,
    progress: Progress,
    skip: Collection[str],
    command: str,
) -> Iterator[Section]:
    tables = read_results(plan, folder)
    rows = {name: row for name, (row, _) in plan.runs.items()} | {BASELINE: BASELINE}
    bar = progress.add_task("scoring", total=len(PROTOCOLS) * len(tables), note="")
    scores = score(tables, rows, on_progress=lambda: progress.advance(bar))
    yield trained_section(plan, manifest)
    yield eer_section("ablations", _ABLATIONS, ABLATIONS, scores)
    yield eer_section("front-ends", _FRONT_ENDS, FRONT_ENDS, scores)
    yield det_section(scores)
    yield significance_section(scores)
    yield from _looks_inside(scores["paper"], tables, folder, progress, skip)
    yield _provenance(tables, rows, folder, command)


def _looks_inside(
    scores: Scores,
    tables: Mapping[str, pa.Table],
    folder: Path,
    progress: Progress,
    skip: Collection[str],
) -> Iterator[Section]:
    makers: Mapping[str, Callable[[], Section]] = {
        "learned-filters": lambda: filters_section(scores, tables, folder),
        "map": lambda: family_task_section(scores, tables),
        "probing-stratified": lambda: probed_section("stratified", scores, tables),
        "probing-grouped": lambda: probed_section("grouped", scores, tables),
    }
    bar = progress.add_task("figures", total=len(makers), note="")
    for name, make in makers.items():
        progress.update(bar, note=name)
        yield _made(name, make, skip)
        progress.advance(bar)


def _made(name: str, make: Callable[[], Section], skip: Collection[str]) -> Section:
    """A section, or why there is none: a missing library must not cost the others."""
    if name.partition("-")[0] in skip:
        return Section(name=name, skipped="not asked for.")
    try:
        return make()
    except TimbrespaceError as fault:
        return Section(name=name, skipped=str(fault))


def _provenance(
    tables: Mapping[str, pa.Table], rows: Mapping[str, str], folder: Path, command: str
) -> Section:
    runs = {name: Run(rows[name], table) for name, table in tables.items()}
    folders = {name: folder / "runs" / name for name in tables if name != BASELINE}
    return provenance_section(
        Evidence(runs=runs, settings=Settings(), folders=folders, command=command)
    )
