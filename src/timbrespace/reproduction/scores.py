"""Verification of every run under both protocols.

Comes in: embeddings by the name of their run. Goes out: `Scores`. Equal error rates go from 0
(perfect) to 0.5 (chance).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from timbrespace.embeddings import vectors_of
from timbrespace.evaluation import Verification, verify
from timbrespace.evaluation.comparison import SeedSummary, seed_summaries
from timbrespace.evaluation.findings import Protocol
from timbrespace.evaluation.tables import check_same_sounds

PROTOCOLS: tuple[Protocol, ...] = ("paper", "exhaustive")


@dataclass(frozen=True)
class Scores:
    """Verification of every run under one protocol.

    Attributes:
        found: by the name of the run.
        rows: row of each run by its name.
    """

    found: Mapping[str, Verification]
    rows: Mapping[str, str]

    @property
    def summaries(self) -> dict[str, SeedSummary]:
        """Mean and deviation over the seeds of each row."""
        return seed_summaries(self.found, self.rows)

    def runs(self, row: str) -> list[str]:
        """Names of the runs of a row; none if it was not asked for."""
        return [run for run, its_row in self.rows.items() if its_row == row]

    def middle_run(self, row: str) -> str:
        """Name of the row's run whose rate is nearest to the mean over seeds."""
        eers = {run: self.found[run].eer for run in self.runs(row)}
        mean = np.mean(list(eers.values()))
        return min(eers, key=lambda run: abs(eers[run] - mean))

    @property
    def middle(self) -> dict[str, Verification]:
        """Verification of the middle run of each row."""
        return {row: self.found[self.middle_run(row)] for row in dict.fromkeys(self.rows.values())}


def score(
    tables: Mapping[str, pa.Table],
    rows: Mapping[str, str],
    *,
    on_progress: Callable[[], None] = lambda: None,
) -> dict[Protocol, Scores]:
    """Verify every run under both protocols; instruments with too few notes are left out.

    Args:
        tables: embeddings of the same notes, sorted by id, by the name of their run.
        rows: row of each run.
        on_progress: called after each verification.

    Raises:
        InputError: the tables hold different notes, or fewer than two instruments have enough.
    """
    check_same_sounds(tables, "instrument")
    scores = {}
    for protocol in PROTOCOLS:
        found = {}
        for run, table in tables.items():
            found[run] = _verified(table, protocol)
            on_progress()
        scores[protocol] = Scores(found, rows)
    return scores


def _verified(table: pa.Table, protocol: Protocol) -> Verification:
    instruments = table["instrument"].to_pylist()
    return verify(
        vectors_of(table),
        instruments,
        protocol=protocol,
        drop_short=True,
        groups={"instrument": instruments},
        n_resamples=1000 if protocol == "exhaustive" else 0,
    )
