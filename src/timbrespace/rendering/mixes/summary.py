"""What came of rendering mixes, in numbers.

Comes in: what is kept of each mix. Goes out: a `MixSummary`, which `render.json` keeps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.manifest import SPLITS
from timbrespace.rendering.mixes.tables import Record


@dataclass(frozen=True, kw_only=True)
class MixSummary:
    """Numbers of mixes, all by split.

    Attributes:
        mixes: how many.
        hours: how long all of them are.
        songs: how many songs they are from.
        classes: mixes that each class leads.
        labels: mixes with one label, two, and so on.
        stems: mixes with one stem, two, and so on.
        unlabelled: mixes in which a stem of no class is predominant too.
        masked: mixes in which it is not known of a class whether it leads.
        programs: programs that play each class; a class of one split may have other programs.
        problems: what is wrong with MIDI files that were left out.
    """

    mixes: dict[str, int]
    hours: dict[str, float]
    songs: dict[str, int]
    classes: dict[str, dict[str, int]]
    labels: dict[str, dict[str, int]]
    stems: dict[str, dict[str, int]]
    unlabelled: dict[str, int]
    masked: dict[str, int]
    programs: dict[str, dict[str, list[str]]]
    problems: list[str]


def summarise(records: Sequence[Record], problems: list[str]) -> MixSummary:
    """Count mixes.

    Args:
        records: of all mixes.
        problems: of MIDI files that were left out.
    """
    of = {split: [one for one in records if one["split"] == split] for split in SPLITS}
    return MixSummary(
        mixes={split: len(mixes) for split, mixes in of.items()},
        hours={s: round(sum(m["duration_s"] for m in mixes) / 3600, 4) for s, mixes in of.items()},
        songs={split: len({mix["song"] for mix in mixes}) for split, mixes in of.items()},
        classes={split: _classes(mixes) for split, mixes in of.items()},
        labels={s: _sizes([len(mix["labels"]) for mix in mixes]) for s, mixes in of.items()},
        stems={s: _sizes([len(mix["stems"]) for mix in mixes]) for s, mixes in of.items()},
        unlabelled={split: sum(map(_unlabelled, mixes)) for split, mixes in of.items()},
        masked={s: sum(mix["label_mask"] is not None for mix in mixes) for s, mixes in of.items()},
        programs={split: _programs(mixes) for split, mixes in of.items()},
        problems=problems,
    )


def _classes(mixes: Sequence[Record]) -> dict[str, int]:
    counts = Counter(label for mix in mixes for label in mix["labels"])
    return {name: counts[name] for name in IRMAS_CLASSES}


def _sizes(numbers: Sequence[int]) -> dict[str, int]:
    return {str(number): count for number, count in sorted(Counter(numbers).items())}


def _unlabelled(mix: Record) -> bool:
    return any(stem["predominant"] and not stem["class"] for stem in mix["stems"])


def _programs(mixes: Sequence[Record]) -> dict[str, list[str]]:
    found = {
        (stem["class"], stem["program"], stem["instrument"])
        for mix in mixes
        for stem in mix["stems"]
        if stem["class"]
    }
    return {
        name: [f"{program} {title}" for of, program, title in sorted(found) if of == name]
        for name in IRMAS_CLASSES
    }
