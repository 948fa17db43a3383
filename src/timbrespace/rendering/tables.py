"""The tables of a rendered corpus: NSynth's `examples.json`.

Comes in: what came of all instruments, and which recordings they play. Goes out: one table for each
split. NSynth has ten qualities of a note, annotated or derived from its own sounds;
they are unknown here, all zero. Further keys are `kind`, `recording`, `soundfont`, `bank`,
`program` and `preset`. Drums have no pitch and none of NSynth's families: these are null.

Source: Engel et al. 2017, arXiv:1704.01279, and the dataset's description of `examples.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from timbrespace.manifest import FAMILIES, SOURCES, SPLITS
from timbrespace.rendering.files import CorpusFolder, json_object, write_whole
from timbrespace.rendering.parts import Rendered

_N_QUALITIES = 10


def write_tables(
    rendered: Sequence[Rendered],
    recording_of: Mapping[str, str],
    folder: CorpusFolder,
    sample_rate_hz: int,
) -> None:
    """Write `examples.json` of each split.

    Args:
        rendered: what came of each job of the plan, in its order.
        recording_of: name of the recording that each instrument plays.
        folder: where to write.
        sample_rate_hz: of the audio.
    """
    numbers = _first_numbers(rendered)
    for split in SPLITS:
        entries = (
            entry
            for number, (one, first) in enumerate(zip(rendered, numbers, strict=True))
            if one.job.split == split
            for entry in _entries(
                one,
                number=number,
                first=first,
                recording=recording_of[one.job.instrument],
                sample_rate_hz=sample_rate_hz,
            )
        )
        write_whole(folder.examples(split), json_object(entries))


def _first_numbers(rendered: Sequence[Rendered]) -> list[int]:
    """Number of the first note of each instrument; notes are numbered throughout."""
    return list(accumulate((len(one.kept) for one in rendered), initial=0))[:-1]


def _entries(
    rendered: Rendered, *, number: int, first: int, recording: str, sample_rate_hz: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    job = rendered.job
    for note, (pitch, velocity) in enumerate(rendered.kept, start=first):
        name = job.note(pitch, velocity)
        yield (
            name,
            {
                "note": note,
                "note_str": name,
                "instrument": number,
                "instrument_str": job.instrument,
                "pitch": pitch if job.family else None,
                "velocity": velocity,
                "sample_rate": sample_rate_hz,
                "qualities": [0] * _N_QUALITIES,
                "qualities_str": [],
                "instrument_family": FAMILIES.index(job.family) if job.family else None,
                "instrument_family_str": job.family,
                "instrument_source": SOURCES.index(job.source),
                "instrument_source_str": job.source,
                "kind": job.kind,
                "recording": recording,
                "soundfont": job.soundfont.name,
                "bank": job.preset.bank,
                "program": job.preset.program,
                "preset": job.preset.name,
            },
        )
