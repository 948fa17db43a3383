"""What came of each instrument, from the part files.

Comes in: a plan and the folder it is rendered into. Goes out: which jobs are done, and one
`Rendered` each when all are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from timbrespace.rendering.files import CorpusFolder, has_size, wav_bytes
from timbrespace.rendering.jobs import InstrumentJob
from timbrespace.rendering.plan import RenderPlan
from timbrespace.rendering.settings import NoteSettings


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """An instrument whose audio is complete.

    Attributes:
        job: what was asked for.
        kept: pitch and velocity of each note that was written.
        dropped: how many were not, by reason.
    """

    job: InstrumentJob
    kept: list[tuple[int, int]]
    dropped: dict[str, int]


def is_whole(job: InstrumentJob, folder: CorpusFolder, settings: NoteSettings) -> bool:
    """Whether a job is done, and each of its notes has the size that it must have."""
    if not folder.part(job).is_file():
        return False
    n_bytes = wav_bytes(round(settings.total_s * settings.sample_rate_hz))
    audio = folder.audio(job.split)
    return all(
        has_size(audio / f"{job.note(pitch, velocity)}.wav", n_bytes)
        for pitch, velocity in _read_part(job, folder).kept
    )


def read_parts(plan: RenderPlan, folder: CorpusFolder) -> list[Rendered]:
    """What came of every job, in the plan's order."""
    return [_read_part(job, folder) for job in plan.jobs]


def _read_part(job: InstrumentJob, folder: CorpusFolder) -> Rendered:
    part = json.loads(folder.part(job).read_text())
    kept = [(pitch, velocity) for pitch, velocity in part["kept"]]
    return Rendered(job=job, kept=kept, dropped=part["dropped"])
