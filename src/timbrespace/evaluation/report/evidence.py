"""What a report is made from.

Comes in: embeddings of one system or several, and settings. Goes out: an `Evidence`, which holds
them and what several sections need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from timbrespace.embeddings import vectors_of
from timbrespace.errors import ConfigError
from timbrespace.evaluation.comparison import Run
from timbrespace.evaluation.findings import Verification
from timbrespace.evaluation.probing_tasks import Protocol
from timbrespace.evaluation.projection import Method
from timbrespace.evaluation.tables import check_same_sounds, labelled_rows
from timbrespace.evaluation.verification import verify

if TYPE_CHECKING:
    from timbrespace.models import Encoder


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Choices of a report.

    Attributes:
        seed: of all random draws.
        enrolment_notes: notes averaged for each instrument; instruments with no more are left out.
        draws: random draws of enrolments.
        n_resamples: draws of instruments for the interval over instruments.
        probing_protocol: "grouped" keeps an instrument's notes in one part, "stratified" does not.
        probing_splits: random splits of each probing task.
        map_method: of the layout.
        most_on_map: sounds on a map; of more, so many are drawn.

    Raises:
        ConfigError: a count is below 1, or the seed or `n_resamples` below 0.
    """

    seed: int = 0
    enrolment_notes: int = 5
    draws: int = 10
    n_resamples: int = 1000
    probing_protocol: Protocol = "grouped"
    probing_splits: int = 5
    map_method: Method = "tsne"
    most_on_map: int = 5000

    def __post_init__(self) -> None:
        lowest = {"seed": 0, "enrolment_notes": 1, "draws": 1, "n_resamples": 0}
        lowest |= {"probing_splits": 1, "most_on_map": 1}
        for name, least in lowest.items():
            if getattr(self, name) < least:
                raise ConfigError(f"{name} must be at least {least}, got {getattr(self, name)}.")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Embeddings of the same sounds by one system or several.

    Attributes:
        runs: each system and its embeddings, by the name to show.
        settings: of all sections.
        encoders: those that are at hand, by the same names.
        folders: of the training, of those that are at hand, by the same names.
        command: that makes the report again.
    """

    runs: Mapping[str, Run]
    settings: Settings
    encoders: Mapping[str, Encoder] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)
    command: str = ""

    @property
    def sounds(self) -> pa.Table:
        """The table of the first system; the others hold the same sounds."""
        return next(iter(self.runs.values())).table

    @cached_property
    def labelled(self) -> dict[str, pa.Table]:
        """Rows of each system whose instrument is known.

        Raises:
            InputError: there are none, or systems hold different sounds.
        """
        tables = {name: labelled_rows(run.table, "instrument") for name, run in self.runs.items()}
        check_same_sounds(tables, "instrument")
        return tables

    @cached_property
    def verifications(self) -> dict[str, Verification]:
        """Verification of each system, with rates by instrument and family.

        Raises:
            InputError: as `timbrespace.evaluation.verify`.
            ConfigError: as there.
        """
        return {name: self._verified(table) for name, table in self.labelled.items()}

    def _verified(self, table: pa.Table) -> Verification:
        groups = {
            name: np.array(table[name].to_pylist(), dtype=object)
            for name in ("instrument", "family")
        }
        options: dict[str, Any] = {
            "enrolment_notes": self.settings.enrolment_notes,
            "repeats": self.settings.draws,
            "seed": self.settings.seed,
            "n_resamples": self.settings.n_resamples,
        }
        return verify(
            vectors_of(table), groups["instrument"], groups=groups, drop_short=True, **options
        )
