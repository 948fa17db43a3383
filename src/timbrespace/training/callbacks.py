"""What happens around the training steps: checkpoints, the metrics file, the progress bar.

Comes in: Lightning's hooks. Goes out: `checkpoints/last.ckpt`, `metrics.csv`, a bar on standard
error. A file is replaced whole, so a kill at any moment leaves the last good one.
"""

from __future__ import annotations

import csv
from argparse import Namespace
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import Logger
from rich.progress import Progress, TaskID


class Checkpoints(Callback):
    """Keep the latest state of the run in one file.

    Args:
        file: where it lies.
        every_steps: how often it is written; the last step always is.
    """

    def __init__(self, file: Path, *, every_steps: int) -> None:
        self._file, self._every_steps = file, every_steps

    def on_train_batch_end(self, trainer: lightning.Trainer, *_: Any, **__: Any) -> None:
        """Write the file when its step has come."""
        if trainer.global_step % self._every_steps and trainer.global_step < trainer.max_steps:
            return
        partial = self._file.with_suffix(".partial")
        trainer.save_checkpoint(partial)
        partial.replace(self._file)


class MetricsFile(Logger):
    """Append what is logged to a CSV file, a row a step.

    Args:
        file: where it lies; rows after `step` are dropped, they will come again.
        step: where the run goes on.
    """

    def __init__(self, file: Path, *, step: int) -> None:
        super().__init__()
        self._file = file
        self._columns: list[str] = []
        if file.is_file():
            with file.open(newline="") as source:
                rows = [row for row in csv.DictReader(source) if int(row["step"]) < step]
            if rows:
                self._columns = list(rows[0])
                self._write(rows, "w")
            else:
                file.unlink()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._file.name

    @property
    def version(self) -> int:
        """There is one."""
        return 0

    def log_hyperparams(self, params: dict[str, Any] | Namespace, *_: Any, **__: Any) -> None:
        """The recipe lies beside the file."""

    def log_metrics(self, metrics: dict[str, float], step: int | None = None) -> None:
        """Append one row."""
        row = {"step": step, **{key: f"{value:.6g}" for key, value in metrics.items()}}
        row.pop("epoch", None)
        mode = "a"
        if not self._columns:
            self._columns, mode = list(row), "w"
        self._write([row], mode)

    def _write(self, rows: list[dict[str, Any]], mode: str) -> None:
        with self._file.open(mode, newline="") as target:
            writer = csv.DictWriter(target, self._columns, extrasaction="ignore")
            if mode == "w":
                writer.writeheader()
            writer.writerows(rows)


class Bar(Callback):
    """Steps done of all, loss and accuracy, time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def on_train_start(self, trainer: lightning.Trainer, *_: Any) -> None:
        """Show the bar."""
        self._task = self._progress.add_task(
            "training", total=trainer.max_steps, completed=trainer.global_step, note=""
        )

    def on_train_batch_end(self, trainer: lightning.Trainer, *_: Any, **__: Any) -> None:
        """Move the bar."""
        if self._task is not None:
            metrics = trainer.callback_metrics
            accuracy = next(metrics[name] for name in metrics if name.endswith("_accuracy"))
            note = f"loss {metrics['loss']:.2f}, accuracy {accuracy:.0%}"
            self._progress.update(self._task, completed=trainer.global_step, note=note)
