"""Lightning's loop over the steps of a training.

Comes in: a training and what watches it. Goes out: nothing; the training has learned.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import Logger, TensorBoardLogger
from rich.progress import Progress

from timbrespace.training.callbacks import Bar, Checkpoints, MetricsFile
from timbrespace.training.module import StepTraining

CHECKPOINT = Path("checkpoints", "last.ckpt")
"""Where a run's folder keeps its latest state."""


def fit_in(
    folder: Path, training: StepTraining[Any], *, checkpoint_every: int, progress: Progress
) -> None:
    """Take all steps that are left, and keep state and metrics in the run's folder.

    Args:
        folder: of the run; a checkpoint that lies there is gone on from.
        training: what learns; a run that has ended gives it its last weights.
        checkpoint_every: optimiser steps between two checkpoints.
        progress: shows how far the work is.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    checkpoint = folder / CHECKPOINT
    checkpoint.parent.mkdir(exist_ok=True)
    step = 0
    if checkpoint.is_file():
        step = int(torch.load(checkpoint, weights_only=True, map_location="cpu")["global_step"])
    if step < training.total_steps:
        fit(
            training,
            callbacks=[Checkpoints(checkpoint, every_steps=checkpoint_every), Bar(progress)],
            loggers=[
                MetricsFile(folder / "metrics.csv", step=step),
                TensorBoardLogger(folder, name="tensorboard", version=""),
            ],
            checkpoint=checkpoint if step else None,
        )
    else:
        state = torch.load(checkpoint, weights_only=True, map_location="cpu")["state_dict"]
        training.load_state_dict(state)


def fit(
    training: StepTraining[Any],
    *,
    callbacks: Sequence[Callback],
    loggers: Sequence[Logger] = (),
    checkpoint: Path | None = None,
) -> None:
    """Take all steps that are left, on the GPU if there is one.

    Args:
        training: what learns.
        callbacks: what happens around the steps.
        loggers: where losses and accuracies go, every tenth step.
        checkpoint: state to go on from; None starts at the first step.

    Raises:
        KeyboardInterrupt: the user stopped it.
    """
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    trainer = lightning.Trainer(
        max_steps=training.total_steps,
        max_epochs=-1,
        accelerator="auto",
        devices=1,
        logger=list(loggers) or False,
        callbacks=list(callbacks),
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        log_every_n_steps=10,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`isinstance.treespec, LeafSpec.`", FutureWarning)
        try:
            trainer.fit(training, ckpt_path=checkpoint, weights_only=True)
        except SystemExit as stop:  # what Lightning makes of Ctrl-C
            raise KeyboardInterrupt from stop
