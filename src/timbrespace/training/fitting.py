"""Lightning's loop over the steps of a training.

Comes in: a training and what watches it. Goes out: nothing; the training has learned.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import lightning
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import Logger

from timbrespace.training.module import EncoderTraining


def fit(
    training: EncoderTraining,
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
