"""What is to be done, settled once: a repeated or resumed command has the same plan.

Comes in: what was asked for. Goes out: `plan.json`, the runs, and how each is trained.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from timbrespace.errors import ConfigError
from timbrespace.reproduction.plan_file import check_same_request, read_plan_file, write_plan_file
from timbrespace.reproduction.zhong2023.paper import FRACTIONS, FULL, ROWS, SCRATCH, SEEDS
from timbrespace.tagging.fine_tuning import FineTuning
from timbrespace.tagging.tuning import fine_tuning_of
from timbrespace.training import Recipe, build_recipe
from timbrespace.training.recipes import recipe_layers


class RunKey(NamedTuple):
    """A fine-tuning run."""

    row: str
    seed: int
    fraction: float

    @property
    def name(self) -> str:
        """Of its folder."""
        share = "" if self.fraction == 1 else f"-{100 * self.fraction:g}"
        return f"{self.row}-{self.seed}{share}"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked for.

    Attributes:
        excerpts: folder of IRMAS or of rendered mixes, or their manifest.
        is_irmas: whether it is IRMAS.
        notes: manifest of isolated notes; "" where no row is pre-trained on notes.
        rows: of the tables.
        seeds: each row is trained once with each.
        fractions: of the excerpts, for the rows "full" and "scratch"; the others take all.
        steps: of pre-training and of fine-tuning; None trains as published.
        changes: "dotted.key=value", for the recipe of every row.
        tuning: "dotted.key=value", for the fine-tuning of every row.

    Raises:
        ConfigError: a row is unknown, something is given twice or not at all, or out of range.
    """

    excerpts: str
    is_irmas: bool
    notes: str = ""
    rows: tuple[str, ...] = tuple(ROWS)
    seeds: tuple[int, ...] = SEEDS
    fractions: tuple[float, ...] = FRACTIONS
    steps: tuple[int, int] | None = None
    changes: tuple[str, ...] = ()
    tuning: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check names and numbers."""
        unknown = [row for row in self.rows if row not in ROWS]
        if unknown:
            raise ConfigError(f"rows must be some of {', '.join(ROWS)}; got {unknown}.")
        for name in ("rows", "seeds", "fractions"):
            values = getattr(self, name)
            if not values or len(set(values)) < len(values):
                raise ConfigError(f"{name} must be given once each, got {list(values)}.")
        if min(self.seeds) < 0 or not all(0 < share <= 1 for share in self.fractions):
            raise ConfigError(
                "seeds must be 0 or more and fractions in (0, 1], got "
                f"{list(self.seeds)} and {list(self.fractions)}."
            )
        if self.steps is not None and min(self.steps) < 1:
            raise ConfigError(f"steps must be >= 1, got {list(self.steps)}.")
        if not self.notes and any(self.needs_notes(row) for row in self.rows):
            raise ConfigError("rows that are pre-trained need --notes, a manifest of notes.")

    @staticmethod
    def needs_notes(row: str) -> bool:
        """Whether a row is pre-trained on notes."""
        return ROWS[row].pretrained and ROWS[row].recipe is not None

    @property
    def runs(self) -> list[RunKey]:
        """All fine-tuning runs."""
        return [
            RunKey(row, seed, fraction)
            for row in self.rows
            for fraction in self.fractions_of(row)
            for seed in self.seeds
        ]

    def fractions_of(self, row: str) -> list[float]:
        """Shares of the excerpts that a row is trained on; all of them always."""
        return sorted({*self.fractions, 1.0}) if row in (FULL, SCRATCH) else [1.0]

    def pretraining(self, recipe: str, seed: int) -> Recipe:
        """How a row is pre-trained.

        Raises:
            ConfigError: a setting is not known or does not fit.
        """
        length = ("schedule.epochs=null", f"schedule.steps={self.steps[0]}") if self.steps else ()
        return build_recipe(recipe_layers(recipe), [*length, *self.changes, f"seed={seed}"])

    def fine_tuning(self, key: RunKey) -> FineTuning:
        """How a run is fine-tuned.

        Raises:
            ConfigError: a setting is not known or does not fit.
        """
        length = ("schedule.epochs=null", f"schedule.steps={self.steps[1]}") if self.steps else ()
        settings = [*length, *ROWS[key.row].changes, *self.tuning]
        return fine_tuning_of([*settings, f"seed={key.seed}", f"fraction={key.fraction:g}"])


def check_plan(file: Path, request: Request) -> None:
    """Whether a request goes with the plan that lies there, if one does.

    Rows, seeds and fractions may be others than before: a run is the same whichever others there
    are.

    Raises:
        InputError: the file cannot be read as a plan.
        ConfigError: it was made for another request.
    """
    if file.is_file():
        check_same_request(
            file, read_plan_file(file), _record(request), free=("rows", "seeds", "fractions")
        )


def write_plan(file: Path, request: Request) -> None:
    """Write what is asked for, whole or not at all."""
    write_plan_file(_record(request), file)


def _record(request: Request) -> dict[str, Any]:
    """In JSON's types."""
    record: dict[str, Any] = json.loads(json.dumps(asdict(request)))
    return record
