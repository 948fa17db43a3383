"""The paper's figures, and its probing.

Comes in: scores, embeddings and encoders. Goes out: `Section`s of a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.errors import InputError
from timbrespace.evaluation.comparison import Run, compare_runs
from timbrespace.evaluation.figures import det_figure
from timbrespace.evaluation.findings import Protocol
from timbrespace.evaluation.maps import rows_at_pitch
from timbrespace.evaluation.probing_tasks import Protocol as ProbingProtocol
from timbrespace.evaluation.report import Evidence, Picture, Section, Settings
from timbrespace.evaluation.report.describing import frontend_section, map_section, probing_section
from timbrespace.evaluation.verification_figures import significance_figure
from timbrespace.models import load_encoder
from timbrespace.reproduction.runs import BASELINE, encoder_folder
from timbrespace.reproduction.scores import Scores

_LEARNED = ("base", "mel122", "mel80", "band-energy")
_ON_MAP = {"base": "with the family task", "no-family": "without the family task"}


def det_section(scores: Mapping[Protocol, Scores]) -> Section:
    """DET curves of the middle run of each row."""
    return Section(
        name="detection-error-trade-off",
        pictures=[
            Picture(
                name=f"det-{protocol}",
                caption=f"Protocol “{protocol}”; of each row the seed whose rate is nearest to the "
                "mean over seeds. Nearer to the lower left corner is better.",
                figure=det_figure(of.middle),
            )
            for protocol, of in scores.items()
        ],
    )


def significance_section(scores: Mapping[Protocol, Scores]) -> Section:
    """Which runs differ: every pair of rows and seeds."""
    pictures = []
    record: dict[str, Any] = {}
    for protocol, of in scores.items():
        pairs = compare_runs(of.found, label="instrument")
        eers = {run: found.eer for run, found in of.found.items()}
        pictures.append(
            Picture(
                name=f"significance-{protocol}",
                caption=f"Protocol “{protocol}”; runs are named by row and seed.",
                figure=significance_figure(eers, *pairs),
            )
        )
        tests = zip(("over_trials", "over_instruments"), pairs, strict=True)
        record[protocol] = {test: [pair._asdict() for pair in found] for test, found in tests}
    return Section(name="significance", pictures=pictures, record=record)


def filters_section(scores: Scores, tables: Mapping[str, pa.Table], folder: Path) -> Section:
    """What training did to the filters of each row that learns them.

    Args:
        scores: of the protocol that decides which seed is shown.
        tables: embeddings by the name of their run.
        folder: of the whole reproduction.

    Raises:
        InputError: no row that learns its filters was asked for.
    """
    runs = _middle_runs(scores, tables, _LEARNED)
    encoders = {row: load_encoder(encoder_folder(folder, run.system)) for row, run in runs.items()}
    section = frontend_section(Evidence(runs=runs, settings=Settings(), encoders=encoders))
    return replace(section, name="learned-filters")


def family_task_section(scores: Scores, tables: Mapping[str, pa.Table]) -> Section:
    """Unseen instruments at the pitch that most notes have, with and without the family task.

    Raises:
        InputError: neither row was asked for, no pitch is known, or too few notes share one.
        MissingDependencyError: openTSNE is not installed.
    """
    runs = _middle_runs(scores, tables, _ON_MAP)
    pitch = _commonest_pitch(next(iter(tables.values())))
    shown = {
        _ON_MAP[row]: Run(run.system, rows_at_pitch(run.table, pitch)) for row, run in runs.items()
    }
    section = map_section(Evidence(runs=shown, settings=Settings()))
    return replace(section, text=(f"Unseen notes at MIDI pitch {pitch}.", *section.text))


def probed_section(
    protocol: ProbingProtocol, scores: Scores, tables: Mapping[str, pa.Table]
) -> Section:
    """What classifiers read from the embeddings of the first row, and from MFCC statistics.

    Raises:
        InputError: no task can be asked of these notes.
        MissingDependencyError: scikit-learn is not installed.
    """
    first = next(iter(scores.middle))
    evidence = Evidence(
        runs=_middle_runs(scores, tables, (first, BASELINE)),
        settings=Settings(probing_protocol=protocol),
    )
    return _told_apart(probing_section(evidence), f"probing-{protocol}", f"Split: {protocol}.")


def _middle_runs(
    scores: Scores, tables: Mapping[str, pa.Table], rows: Iterable[str]
) -> dict[str, Run]:
    """Name and embeddings of the middle run of each row, of those that were asked for."""
    names = {row: scores.middle_run(row) for row in rows if scores.runs(row)}
    if not names:
        raise InputError(f"none of the rows {', '.join(rows)} was asked for.")
    return {row: Run(name, tables[name]) for row, name in names.items()}


def _commonest_pitch(table: pa.Table) -> int:
    """Of equally common pitches the one nearest to middle C."""
    counts = pc.value_counts(table["pitch_midi"].drop_null()).to_pylist()
    if not counts:
        raise InputError("no pitch is known.")
    commonest = max(counts, key=lambda entry: (entry["counts"], -abs(entry["values"] - 60)))
    return int(commonest["values"])


def _told_apart(section: Section, name: str, note: str) -> Section:
    """The section with names and captions of its own, where a report holds two of a kind."""
    return replace(
        section,
        name=name,
        tables=[
            replace(table, name=f"{name}-{table.name}", caption=f"{note} {table.caption}")
            for table in section.tables
        ],
        pictures=[
            replace(picture, name=f"{name}-figure", caption=f"{note} {picture.caption}")
            for picture in section.pictures
        ],
    )
