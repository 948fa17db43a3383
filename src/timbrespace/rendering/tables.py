"""The tables of a rendered corpus: NSynth's `examples.json` and a summary.

Comes in: the part files of all instruments. Goes out: one table for each split, and counts. NSynth
has ten qualities of a note, annotated or derived from its own sounds; they are unknown here, all
zero. Further keys are `soundfont`, `bank`, `program` and `preset`.

Source: Engel et al. 2017, arXiv:1704.01279, and the dataset's description of `examples.json`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from timbrespace.manifest import FAMILIES, SOURCES, SPLITS
from timbrespace.rendering.files import CorpusFolder, json_object, write_whole
from timbrespace.rendering.plan import PresetJob, RenderPlan

_N_QUALITIES = 10


@dataclass(frozen=True, kw_only=True)
class RenderSummary:
    """What came of a rendering.

    Attributes:
        instruments: how many, by split and family; those with at least one note.
        notes: how many, by split and family.
        dropped: notes that were rendered and not kept, by reason.
        left_out: presets that were not rendered, by reason.
        empty: instruments of which no note was kept.
    """

    instruments: dict[str, dict[str, int]]
    notes: dict[str, dict[str, int]]
    dropped: dict[str, int]
    left_out: dict[str, int]
    empty: list[str]


@dataclass(frozen=True)
class _Rendered:
    """An instrument whose audio is complete; its notes are numbered from `first`."""

    job: PresetJob
    kept: list[tuple[int, int]]
    dropped: dict[str, int]
    first: int


def write_tables(plan: RenderPlan, folder: CorpusFolder) -> RenderSummary:
    """Write `examples.json` of each split; every job's part file exists."""
    rendered = list(_rendered(plan, folder))
    for split in SPLITS:
        entries = (
            entry
            for one in rendered
            if one.job.split == split
            for entry in _entries(one, plan.settings.sample_rate_hz)
        )
        write_whole(folder.examples(split), json_object(entries))
    return _summary(rendered, plan)


def _rendered(plan: RenderPlan, folder: CorpusFolder) -> Iterator[_Rendered]:
    first = 0
    for job in plan.jobs:
        part = json.loads(folder.part(job).read_text())
        yield _Rendered(job, part["kept"], part["dropped"], first)
        first += len(part["kept"])


def _entries(rendered: _Rendered, sample_rate_hz: int) -> Iterator[tuple[str, dict[str, Any]]]:
    job = rendered.job
    for number, (pitch, velocity) in enumerate(rendered.kept, start=rendered.first):
        name = job.note(pitch, velocity)
        yield (
            name,
            {
                "note": number,
                "note_str": name,
                "instrument": job.number,
                "instrument_str": job.instrument,
                "pitch": pitch,
                "velocity": velocity,
                "sample_rate": sample_rate_hz,
                "qualities": [0] * _N_QUALITIES,
                "qualities_str": [],
                "instrument_family": FAMILIES.index(job.family),
                "instrument_family_str": job.family,
                "instrument_source": SOURCES.index(job.source),
                "instrument_source_str": job.source,
                "soundfont": job.soundfont.name,
                "bank": job.preset.bank,
                "program": job.preset.program,
                "preset": job.preset.name,
            },
        )


def _summary(rendered: list[_Rendered], plan: RenderPlan) -> RenderSummary:
    instruments: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    notes: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    dropped: Counter[str] = Counter({"silent": 0, "clipped": 0})
    for one in rendered:
        dropped.update(one.dropped)
        if one.kept:
            instruments[one.job.split][one.job.family] += 1
            notes[one.job.split][one.job.family] += len(one.kept)
    return RenderSummary(
        instruments={split: dict(counts) for split, counts in instruments.items()},
        notes={split: dict(counts) for split, counts in notes.items()},
        dropped=dict(dropped),
        left_out=plan.left_out,
        empty=[one.job.instrument for one in rendered if not one.kept],
    )
