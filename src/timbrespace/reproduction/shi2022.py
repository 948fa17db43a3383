"""What the paper is made of, and what is known of its numbers.

Shi, Cooper & Yamagishi 2022, "Use of Speaker Recognition Approaches for Learning and Evaluating
Embedding Representations of Musical Instrument Sounds", IEEE/ACM TASLP 30,
doi:10.1109/TASLP.2022.3140549. A row of its tables is told by a short name, and is trained by the
recipe `shi2022-NAME`.
"""

from __future__ import annotations

from collections.abc import Mapping

PAPER = "shi2022"
SEEDS = (10, 100, 1000)

ABLATIONS: Mapping[str, str] = {
    "base": "base",
    "no-augmentation": "base without joined notes",
    "no-family": "base without the family task",
    "no-asoftmax": "base without angular softmax",
}
FRONT_ENDS: Mapping[str, str] = {
    "base": "122 filters, MIDI notes, learned (base)",
    "midi122-fixed": "122 filters, MIDI notes, fixed",
    "mel122": "122 filters, mel, learned",
    "mel122-fixed": "122 filters, mel, fixed",
    "mel80": "80 filters, mel, learned",
    "mel80-fixed": "80 filters, mel, fixed",
    "band-energy": "ours: base, energy and logarithm",
}
NOT_PUBLISHED = frozenset({"band-energy"})
ROWS = tuple(dict.fromkeys([*ABLATIONS, *FRONT_ENDS]))

# README of the released code: NSynth, seed 100, 8 centres. The other rows have no number that can
# be verified here.
PUBLISHED_EER: Mapping[str, float] = {"base": 0.02935}

DIFFERENCES = (
    "The paper trains on NSynth (305,979 notes of 1,006 instruments) and fine-tunes on RWC; "
    "nothing is fine-tuned here.",
    "The recipes have 8 LDE centres, as the released code; the paper says 32. The family task has "
    "weight 1; the released configuration has 0, which trains without it.",
    "Notes are trimmed of silence and brought to one level before they are heard. The last weights "
    "of a run are kept; nothing is chosen on validation notes.",
    "Enrolment notes are drawn without replacement, the published code draws with. Rates are means "
    "over 10 draws. The protocol “paper” tests each instrument by 20 of its own notes and 20 "
    "others, “exhaustive” by every note that enrols nothing. The equal error rate is "
    "that of the ROC convex hull in both.",
    "The published significance test takes trials as independent; a permutation test over "
    "instruments, which does not, stands beside it.",
    "Of the published numbers only one can be verified here: an equal error rate of 2.935 % on "
    "NSynth, base system, seed 100, from the README of the released code.",
)


def recipe_of(row: str) -> str:
    """Name of the recipe that trains a row."""
    return f"{PAPER}-{row}"
