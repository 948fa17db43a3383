"""What is to be done, settled once: a repeated or resumed command has the same plan.

Comes in: what was asked for. Goes out: `plan.json`, which adds the settings that a budget leads to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from timbrespace.errors import ConfigError
from timbrespace.reproduction.plan_file import (
    check_same_request,
    not_a_plan,
    read_plan_file,
    write_plan_file,
)
from timbrespace.reproduction.shi2022 import ROWS, SEEDS, recipe_of
from timbrespace.training import Recipe, build_recipe
from timbrespace.training.recipes import recipe_layers


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked for.

    Attributes:
        sounds: folder of a corpus, or a manifest.
        corpus: name of the corpus; None if `sounds` is a manifest.
        rows: of the paper's tables.
        seeds: each row is trained once with each.
        changes: "dotted.key=value", for the recipe of every row.
        budget_min: minutes of training over all runs; None trains as the recipes say.

    Raises:
        ConfigError: a row is unknown, a row or seed is given twice, none is given, a seed is
            negative, or the budget is not above 0.
    """

    sounds: str
    corpus: str | None = None
    rows: tuple[str, ...] = ROWS
    seeds: tuple[int, ...] = SEEDS
    changes: tuple[str, ...] = ()
    budget_min: float | None = None

    def __post_init__(self) -> None:
        """Check names and numbers."""
        unknown = [row for row in self.rows if row not in ROWS]
        if unknown or not self.rows:
            raise ConfigError(f"rows must be some of {', '.join(ROWS)}; got {list(self.rows)}.")
        for name, values in (("rows", self.rows), ("seeds", self.seeds)):
            if not values or len(set(values)) < len(values):
                raise ConfigError(f"{name} must be given once each, got {list(values)}.")
        if min(self.seeds) < 0:
            raise ConfigError(f"seeds must be 0 or more, got {list(self.seeds)}.")
        if self.budget_min is not None and self.budget_min <= 0:
            raise ConfigError(f"the budget must be above 0 minutes, got {self.budget_min:g}.")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is done.

    Attributes:
        request: what was asked for.
        settings: "dotted.key=value", for the recipe of every row; the request's changes are last.
        step_s: measured seconds of a training step by row; empty without a budget.
    """

    request: Request
    settings: tuple[str, ...]
    step_s: dict[str, float] = field(default_factory=dict)

    @property
    def runs(self) -> dict[str, tuple[str, int]]:
        """Row and seed of each run by its name."""
        return {
            f"{row}-{seed}": (row, seed) for row in self.request.rows for seed in self.request.seeds
        }

    def recipe(self, row: str, seed: int) -> Recipe:
        """How a run is trained.

        Raises:
            ConfigError: a setting is not known or does not fit.
        """
        return resolved_recipe(row, [*self.settings, f"seed={seed}"])


def resolved_recipe(row: str, settings: Sequence[str]) -> Recipe:
    """The recipe of a row, changed.

    Raises:
        ConfigError: a setting is not known or does not fit.
    """
    return build_recipe(recipe_layers(recipe_of(row)), settings)


def write_plan(plan: Plan, file: Path) -> None:
    """Write a plan, whole or not at all."""
    write_plan_file(asdict(plan), file)


def read_plan(file: Path, request: Request) -> Plan | None:
    """The plan that was made for a request; None if none was made yet.

    Without a budget the request may have other rows and seeds than the plan was made for: a run is
    the same whichever others there are.

    Raises:
        InputError: the file cannot be read as a plan.
        ConfigError: the plan was made for another request.
    """
    if not file.is_file():
        return None
    found = read_plan_file(file)
    try:
        asked: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in found["request"].items()
        }
        plan = Plan(
            request=Request(**asked), settings=tuple(found["settings"]), step_s=found["step_s"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise not_a_plan(file, fault) from fault
    free = ("rows", "seeds") if request.budget_min is None else ()
    check_same_request(file, vars(plan.request), vars(request), free=free)
    return replace(plan, request=request)
