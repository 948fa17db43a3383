"""What came of a rendering, in numbers.

Comes in: what came of all instruments, and which recordings they play. Goes out: a `RenderSummary`,
which `render.json` keeps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timbrespace.manifest import SPLITS
from timbrespace.rendering.parts import Rendered
from timbrespace.rendering.plan import RenderPlan
from timbrespace.rendering.recordings import SharedRecordings

_NO_FAMILY = "percussion"


@dataclass(frozen=True, kw_only=True)
class KindCounts:
    """What there is of one kind.

    Attributes:
        family: NSynth's; None for drums.
        split: train, valid or test.
        instruments: presets, or keys of drum kits, with at least one note.
        recordings: distinct ones that they play.
        notes: kept.
        pitches: the lowest and the highest, or a drum's key twice.
    """

    family: str | None
    split: str
    instruments: int
    recordings: int
    notes: int
    pitches: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class RenderSummary:
    """What came of a rendering. Instruments are those with at least one note.

    Attributes:
        instruments: how many, by split and family; drums count as "percussion".
        notes: how many, by split and family.
        kinds: what there is of each kind, by name.
        sources: how many instruments, by source.
        makers: how many instruments, by SoundFont.
        n_recordings: how many distinct recordings all instruments play.
        differences: see `SharedRecordings`.
        out_of_range: notes that were asked for and that no preset has keys for.
        dropped: notes that were rendered and not kept, by reason.
        left_out: presets that were not rendered, by reason.
        empty: instruments of which no note was kept.
    """

    instruments: dict[str, dict[str, int]]
    notes: dict[str, dict[str, int]]
    kinds: dict[str, KindCounts]
    sources: dict[str, int]
    makers: dict[str, int]
    n_recordings: int
    differences: dict[str, list[int]]
    out_of_range: int
    dropped: dict[str, int]
    left_out: dict[str, int]
    empty: list[str]


def summarise(
    rendered: Sequence[Rendered], recordings: SharedRecordings, plan: RenderPlan
) -> RenderSummary:
    """Count what came of a rendering.

    Args:
        rendered: what came of each of the plan's jobs.
        recordings: which recordings they play.
        plan: what was asked for.
    """
    dropped: Counter[str] = Counter({"silent": 0, "clipped": 0})
    for one in rendered:
        dropped.update(one.dropped)
    sounding = [one for one in rendered if one.kept]
    instruments: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    notes: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    for one in sounding:
        instruments[one.job.split][one.job.family or _NO_FAMILY] += 1
        notes[one.job.split][one.job.family or _NO_FAMILY] += len(one.kept)
    return RenderSummary(
        instruments={split: dict(counts) for split, counts in instruments.items()},
        notes={split: dict(counts) for split, counts in notes.items()},
        kinds=_kinds(sounding, recordings.recording_of),
        sources=dict(Counter(one.job.source for one in sounding)),
        makers=dict(Counter(one.job.soundfont.name for one in sounding)),
        n_recordings=_n_recordings(sounding, recordings.recording_of),
        differences=recordings.differences,
        out_of_range=plan.n_out_of_range,
        dropped=dict(dropped),
        left_out=plan.left_out,
        empty=[one.job.instrument for one in rendered if not one.kept],
    )


def _kinds(sounding: Sequence[Rendered], recordings: Mapping[str, str]) -> dict[str, KindCounts]:
    groups: dict[str, list[Rendered]] = defaultdict(list)
    for one in sorted(sounding, key=_place):
        groups[one.job.kind].append(one)
    return {kind: _count(group, recordings) for kind, group in groups.items()}


def _place(one: Rendered) -> tuple[int, int]:
    """Where a kind stands in General MIDI's lists: by program, drums by key."""
    return (0, one.job.preset.program) if one.job.family else (1, one.job.pitches[0])


def _count(group: Sequence[Rendered], recordings: Mapping[str, str]) -> KindCounts:
    job = group[0].job
    pitches = [pitch for one in group for pitch, _ in one.kept]
    return KindCounts(
        family=job.family,
        split=job.split,
        instruments=len(group),
        recordings=_n_recordings(group, recordings),
        notes=len(pitches),
        pitches=(min(pitches), max(pitches)),
    )


def _n_recordings(group: Sequence[Rendered], recordings: Mapping[str, str]) -> int:
    return len({recordings[one.job.instrument] for one in group})
