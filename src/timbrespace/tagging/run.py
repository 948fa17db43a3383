"""One run: train a tagger on excerpts, choose its thresholds, keep what says how it was done.

Comes in: excerpts and an encoder to start from. Goes out: a folder

    settings.json          how, and from which weights
    metrics.csv            loss and accuracy; tensorboard/ holds the same
    checkpoints/           last.ckpt, for resuming only
    probabilities.parquet  of each excerpt of splits valid and test
    tagger/                model.safetensors, config.json and README.md, for use

Thresholds are chosen on split valid, never on test.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from rich.progress import Progress

from timbrespace.errors import ConfigError, InputError
from timbrespace.locks import exclusive
from timbrespace.models import Trunk, on_quickest_device
from timbrespace.models.limits import check_name
from timbrespace.tagging.batches import ClipBatches
from timbrespace.tagging.calibration import calibrate
from timbrespace.tagging.card import plain_card
from timbrespace.tagging.excerpts import Excerpts, Rows
from timbrespace.tagging.files import save_tagger
from timbrespace.tagging.fine_tuning import FineTuning, TaggerTraining
from timbrespace.tagging.judging import judge
from timbrespace.tagging.losses import class_weights
from timbrespace.tagging.network import TaggingNetwork
from timbrespace.tagging.tagger import Tagger
from timbrespace.training.fitting import CHECKPOINT, fit_in
from timbrespace.versions import code_version

_UNTUNED = 0.5


@dataclass(frozen=True)
class Start:
    """Where a tagger's weights come from.

    Attributes:
        trunk: what to start from; its front end, backbone and pooling are copied.
        origin: how its weights came to be, for the record: an encoder's name and content hash, or
            "random" and a recipe.
    """

    trunk: Trunk
    origin: str


def train_tagger(
    excerpts: Excerpts,
    start: Start,
    folder: Path,
    settings: FineTuning,
    *,
    name: str,
    progress: Progress,
    card: str | None = None,
) -> Tagger:
    """Train to the end of the schedule, going on from the folder's checkpoint if it has one.

    Args:
        excerpts: those of split train are trained on, or all that have no split; thresholds are
            chosen on those of split valid, and are 0.5 if there are none.
        start: where to start from.
        folder: where the run is kept.
        settings: how.
        name: the tagger's name, 1 to 100 printable letters.
        progress: shows how far the work is.
        card: text of the tagger's README.md; None writes a plain one.

    Returns:
        The tagger, where it computes quickest.

    Raises:
        InputError: there is nothing to train on, or nothing to calibrate by, or another process
            writes the same folder.
        ConfigError: the name cannot be kept, or the folder holds a run of other settings, sounds
            or weights.
    """
    check_name(name)
    chosen, valid = training_excerpts(excerpts, settings), excerpts.of_split("valid")
    if settings.calibrated and not len(valid):
        raise InputError("calibrated=true needs excerpts of split valid; there are none.")
    with exclusive(folder / ".lock", work="training"):
        _write_settings(folder, excerpts, chosen, start, settings, name)
        network = _trained(excerpts, chosen, start, folder, settings, progress)
        tagger = Tagger(
            on_quickest_device(network, "float32"),
            excerpts.classes,
            np.full(len(excerpts.classes), _UNTUNED),
            clip_s=settings.clip_s,
        )
        if settings.calibrated:
            task = progress.add_task("calibrating", total=len(valid), note="")
            calibrate(tagger, excerpts, valid, on_progress=lambda n: progress.advance(task, n))
        judge(tagger, excerpts, folder, progress)
        tagger.name = name
        tagger.card = card or plain_card(tagger, excerpts, folder, settings, start.origin)
        save_tagger(tagger, folder / "tagger", name=name, card=tagger.card)
    return tagger


def training_excerpts(excerpts: Excerpts, settings: FineTuning) -> Rows:
    """Numbers of the excerpts that a run trains on.

    Raises:
        InputError: there are none.
    """
    unsplit = excerpts.rows["split"].null_count == excerpts.rows.num_rows
    there = np.arange(excerpts.rows.num_rows) if unsplit else excerpts.of_split("train")
    if not len(there):
        raise InputError(f"none of the {excerpts.rows.num_rows} labelled excerpts is in train.")
    order = np.random.default_rng([settings.seed, 4]).permutation(there)
    return np.sort(order[: max(2, round(settings.fraction * len(there)))])


def _trained(
    excerpts: Excerpts,
    chosen: Rows,
    start: Start,
    folder: Path,
    settings: FineTuning,
    progress: Progress,
) -> TaggingNetwork:
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        network = TaggingNetwork.on(start.trunk, n_classes=len(excerpts.classes)).train()
        batches = ClipBatches(
            excerpts,
            chosen,
            clip_s=settings.clip_s,
            batch_size=settings.batch_size,
            seed=settings.seed,
        )
        weights = None
        if settings.loss == "class-balanced":
            counts = torch.from_numpy(excerpts.truth[chosen].sum(0))
            weights = class_weights(counts, settings.beta)
        training = TaggerTraining(network, batches, settings, weights=weights)
        fit_in(folder, training, checkpoint_every=settings.checkpoint_every, progress=progress)
    return network.eval()


def _write_settings(
    folder: Path,
    excerpts: Excerpts,
    chosen: Rows,
    start: Start,
    settings: FineTuning,
    name: str,
) -> None:
    """Say how the run is done, or check that it is done as it was begun."""
    columns = excerpts.rows.take(pa.array(chosen)).select(["id", "path", "labels", "label_mask"])
    sounds = hashlib.sha256(json.dumps(columns.to_pydict()).encode()).hexdigest()
    asked: dict[str, Any] = {
        "settings": json.loads(json.dumps(asdict(settings))),
        "origin": start.origin,
        "classes": list(excerpts.classes),
        "sounds": sounds,
        "excerpts": len(chosen),
    }
    file = folder / "settings.json"
    if (folder / CHECKPOINT).is_file():
        found = json.loads(file.read_text())
        differing = [key for key, value in asked.items() if found.get(key) != value]
        if "settings" in differing:
            changed = _changed(found.get("settings"), asked["settings"])
            differing[differing.index("settings")] = f"settings ({'; '.join(changed)})"
        if differing:
            raise ConfigError(
                f"{folder} holds a run that differs in {', '.join(differing)}; name another folder."
            )
    record = {"name": name, **asked, "timbrespace": code_version(), "torch": torch.__version__}
    file.write_text(json.dumps(record, indent=2) + "\n")


def _changed(earlier: Any, now: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Settings that were others, by their dotted names."""
    for name, value in now.items():
        old = earlier.get(name) if isinstance(earlier, dict) else None
        if isinstance(value, dict):
            yield from _changed(old, value, f"{prefix}{name}.")
        elif old != value:
            yield f"{prefix}{name} was {old!r}, now {value!r}"
