"""What the paper is made of, and what is known of its numbers.

Zhong, Cooper, Yamagishi & Minematsu 2023, "Exploring Isolated Musical Notes as Pre-training Data
for Predominant Instrument Recognition in Polyphonic Music", APSIPA ASC 2023, arXiv:2306.08850. A
row of its tables is told by a short name; `recipe` is what pre-trains it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

PAPER = "zhong2023"
SEEDS = (10, 100, 1000)
FRACTIONS = (0.1, 0.25, 0.5, 0.75, 1.0)

FULL, SCRATCH, DEFAULT, LIGHT = "full", "scratch", "default", "shared-2-2-2-2"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table.

    Attributes:
        title: what it shows; "" where that is the network that is trained, see `sizes`.
        recipe: that pre-trains it, or whose random weights it starts from; None starts from the
            encoder that comes with timbrespace.
        pretrained: whether it is pre-trained.
        changes: "dotted.key=value" of the fine-tuning.
    """

    title: str = ""
    recipe: str | None = f"{PAPER}-base"
    pretrained: bool = True
    changes: tuple[str, ...] = ()


class Published(NamedTuple):
    """Scores on IRMAS; None where no number can be verified here."""

    f1_micro: float
    f1_macro: float | None
    lrap: float


STARTS: Mapping[str, Row] = {
    FULL: Row(title="pre-trained on notes"),
    SCRATCH: Row(title="not pre-trained", pretrained=False),
    DEFAULT: Row(title="ours: the encoder that ships", recipe=None),
    "frozen": Row(title="ours: only the head tuned", changes=("frozen=true",)),
    "focal": Row(title="ours: focal loss", changes=("loss=focal",)),
    "balanced": Row(title="ours: class-balanced loss", changes=("loss=class-balanced",)),
}
ABLATIONS: Mapping[str, Row] = {
    FULL: STARTS[FULL],
    "no-effects": Row(title="without effects", recipe=f"{PAPER}-no-effects"),
    "no-concatenation": Row(title="without joined notes", recipe=f"{PAPER}-no-concatenation"),
    "no-mixup": Row(title="without mix-up", recipe=f"{PAPER}-no-mixup"),
    "no-effects-no-mixup": Row(
        title="without effects and mix-up", recipe=f"{PAPER}-no-effects-no-mixup"
    ),
    "no-smoothing": Row(title="without label smoothing", recipe=f"{PAPER}-no-smoothing"),
    "no-normalisation": Row(title="front end not normalised", recipe=f"{PAPER}-no-normalisation"),
}
SIZES: Mapping[str, Row] = {
    FULL: STARTS[FULL],
    "reduced-3-3-4-3": Row(recipe=f"{PAPER}-reduced-3-3-4-3"),
    "reduced-2-2-2-2": Row(recipe=f"{PAPER}-reduced-2-2-2-2"),
    "shared-3-4-6-3": Row(recipe=f"{PAPER}-shared-3-4-6-3"),
    "shared-3-3-4-3": Row(recipe=f"{PAPER}-shared-3-3-4-3"),
    LIGHT: Row(recipe=f"{PAPER}-{LIGHT}"),
    "thin": Row(recipe=f"{PAPER}-thin"),
}
ROWS: Mapping[str, Row] = {**STARTS, **ABLATIONS, **SIZES}

PUBLISHED: Mapping[str, Published] = {
    FULL: Published(0.674, 0.584, 0.814),
    SCRATCH: Published(0.634, 0.536, 0.780),
}
"""Means of three runs on IRMAS, from the paper."""

RELEASED: Mapping[str, Published] = {
    FULL: Published(0.682, None, 0.816),
    "no-effects": Published(0.668, None, 0.809),
    "no-concatenation": Published(0.671, None, 0.814),
    "no-mixup": Published(0.654, None, 0.799),
    "no-effects-no-mixup": Published(0.637, None, 0.708),
}
"""Single runs on IRMAS, from the README of the released code."""

DIFFERENCES = (
    "The released code chooses its threshold on the test excerpts. Here one threshold for all "
    "classes is chosen on validation excerpts of other songs, for the best micro F1.",
    "Clips are brought to -12 LUFS without gates, as a second is too short for them.",
    "Effects are drawn one by one, each for 0.3 of the notes; the released code changes 0.3 of the "
    "notes and draws the effects of each.",
    "The recipe of the thin network has 16 channels in its first stage, the published one 8.",
    "Published numbers are on IRMAS, after pre-training on NSynth. Other numbers of the paper's "
    "tables cannot be verified here.",
)
