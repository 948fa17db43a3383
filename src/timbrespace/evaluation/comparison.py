"""Several systems, each trained with one seed or more, on the same trials.

Comes in: places of embeddings as typed, FILE or NAME=FILE; files of one NAME are seeds of one
system. Goes out: tables by a name each, summaries over seeds, and tests of every pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from timbrespace.errors import InputError
from timbrespace.evaluation.findings import Verification
from timbrespace.evaluation.significance import (
    Comparison,
    compare_by_instrument,
    compare_systems,
)
from timbrespace.evaluation.systems import read_systems
from timbrespace.evaluation.tables import listed


class Run(NamedTuple):
    """Embeddings of one training of a system.

    Attributes:
        system: what was trained.
        table: its embeddings, in the order of their ids.
    """

    system: str
    table: pa.Table


class SeedSummary(NamedTuple):
    """Equal error rates of a system's runs.

    Attributes:
        n_runs: how many there are.
        mean: of their rates.
        deviation: of their rates (n - 1); NaN for a single run.
    """

    n_runs: int
    mean: float
    deviation: float


def read_runs(places: Sequence[str], *, split: str = "") -> dict[str, Run]:
    """Embeddings by name: NAME, or "NAME #2" for the second of several files of one NAME.

    Args:
        places: FILE or NAME=FILE each, files as `timbrespace.evaluation.read_any_embeddings` takes
            them; without NAME the encoder's name, the file's stem or its path, whichever tells.
        split: take only the rows of this split; all if empty.

    Raises:
        InputError: a file is given twice, cannot be used, or has no row in the split.
    """
    given, paths = zip(*map(name_and_path, places), strict=True)
    if len(set(paths)) < len(paths):
        raise InputError(f"a file is given twice among {listed([*map(str, paths)])}.")
    tables = read_systems(paths, split=split)
    systems = [name or own for name, own in zip(given, tables, strict=True)]
    return {
        _run_name(systems, index): Run(system, table)
        for index, (system, table) in enumerate(zip(systems, tables.values(), strict=True))
    }


def seed_summaries(
    found: Mapping[str, Verification], systems: Mapping[str, str]
) -> dict[str, SeedSummary]:
    """Mean and deviation of the equal error rates of each system's runs.

    Args:
        found: verification of each run.
        systems: the system of each run.
    """
    eers: dict[str, list[float]] = {}
    for run, result in found.items():
        eers.setdefault(systems[run], []).append(result.eer)
    return {system: _summary(rates) for system, rates in eers.items()}


def compare_runs(
    found: Mapping[str, Verification], *, label: str
) -> tuple[list[Comparison], list[Comparison]]:
    """Every pair of runs by the z-test over trials and by the permutation test over instruments.

    Args:
        found: verification of each run on the same trials, with the rates of each `label`.
        label: the column that was told apart.

    Returns:
        Both tests of the pairs, in one order; each adjusted by Holm's method over all pairs.

    Raises:
        InputError: there are fewer than two runs, or their trials differ in number.
    """
    trials = {(r.n_target, r.n_nontarget, *r.group_eers[label]) for r in found.values()}
    if len(trials) > 1:
        raise InputError("systems are compared on the same trials; these differ in number.")
    eers = {name: result.eer for name, result in found.items()}
    any_result = next(iter(found.values()))
    by_trials = compare_systems(
        eers, n_target=any_result.n_target, n_nontarget=any_result.n_nontarget
    )
    rates = {name: [*result.group_eers[label].values()] for name, result in found.items()}
    return by_trials, compare_by_instrument(rates, seed=any_result.seed)


def _summary(rates: Sequence[float]) -> SeedSummary:
    deviation = float(np.std(rates, ddof=1)) if len(rates) > 1 else float("nan")
    return SeedSummary(len(rates), float(np.mean(rates)), deviation)


def name_and_path(place: str) -> tuple[str, Path]:
    """NAME and FILE of a place as typed; no name where the text is a file itself."""
    name, equals, file = place.partition("=")
    named = bool(equals) and "/" not in name and not Path(place).exists()
    return (name, Path(file)) if named else ("", Path(place))


def _run_name(systems: Sequence[str], index: int) -> str:
    name = systems[index]
    return f"{name} #{1 + systems[:index].count(name)}" if systems.count(name) > 1 else name
