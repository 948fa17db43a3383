"""How many steps fit into a time.

Comes in: what was asked for, and the notes. Goes out: settings for every run, and the measured
seconds of a step. All runs take the same number of steps, so that the rows of a table have seen as
many examples.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import torch
from rich.progress import Progress

from timbrespace.errors import ConfigError
from timbrespace.models import quickest_precision
from timbrespace.reproduction.plan import Plan, Request, resolved_recipe
from timbrespace.training import train
from timbrespace.training.run import training_rows

_MEASURED_STEPS = 5
_BATCH_SIZE = 32


def planned(request: Request, manifest: pa.Table, notes: Path, progress: Progress) -> Plan:
    """The plan of a request: the recipes as they are, or cut to the budget.

    Args:
        request: what was asked for.
        manifest: notes to train on.
        notes: folder of the packed notes, see `timbrespace.training.train`.
        progress: shows how far the work is.

    Raises:
        ConfigError: a change does not fit, or the budget is too short for one step of each run.
        InputError: there is nothing to train on.
    """
    for row in request.rows:
        resolved_recipe(row, request.changes)
    if request.budget_min is None:
        return Plan(request=request, settings=request.changes)
    quick = _quick_settings()
    bar = progress.add_task("measuring speed", total=len(request.rows), note="")
    step_s = {}
    for row in request.rows:
        step_s[row] = _measured_step_s(row, [*quick, *request.changes], manifest, notes)
        progress.advance(bar)
    n_steps = min(
        steps_within(60 * request.budget_min, step_s.values(), n_seeds=len(request.seeds)),
        _published_steps(request, manifest),
    )
    length = f"schedule={{epochs: null, steps: {n_steps}}}"
    often = f"checkpoint_every={max(1, n_steps // 10)}"
    return Plan(request=request, settings=(*quick, length, often, *request.changes), step_s=step_s)


def steps_within(budget_s: float, step_s: Iterable[float], *, n_seeds: int) -> int:
    """Steps of each run, the same for all, that take `budget_s` together.

    Args:
        budget_s: time of all runs.
        step_s: seconds of a step of each row.
        n_seeds: runs of each row.

    Raises:
        ConfigError: there is no time for a single step.

    Example:
        >>> steps_within(60, [1.0, 2.0], n_seeds=2)
        10
    """
    round_s = n_seeds * sum(step_s)
    if budget_s < round_s:
        raise ConfigError(
            f"a budget of {budget_s / 60:.3g} minutes is too short: one step of each run takes "
            f"{round_s / 60:.3g}. Give more, or fewer rows or seeds."
        )
    return int(budget_s / round_s)


def _quick_settings() -> tuple[str, ...]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    precision = quickest_precision(device)
    return f"sampling.batch_size={_BATCH_SIZE}", f"encoder.precision={precision}"


def _measured_step_s(row: str, settings: list[str], manifest: pa.Table, notes: Path) -> float:
    """Seconds of a step, the first aside, which also warms up."""
    length = f"schedule={{epochs: null, steps: {_MEASURED_STEPS}}}"
    recipe = resolved_recipe(row, [*settings, length])
    with (
        tempfile.TemporaryDirectory() as folder,
        Progress(disable=True, speed_estimate_period=float("inf")) as steps,
    ):
        train(recipe, manifest, Path(folder), notes=notes, name=row, progress=steps)
        return 1 / (steps.tasks[-1].speed or float("inf"))


def _published_steps(request: Request, manifest: pa.Table) -> int:
    """Steps of as many epochs as the recipe has; more time than that is not needed."""
    recipe = resolved_recipe(request.rows[0], [*_quick_settings(), *request.changes])
    n_batches = training_rows(manifest).num_rows // recipe.sampling.batch_size
    return recipe.schedule.total_steps(n_batches)
