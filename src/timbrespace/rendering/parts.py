"""What came of each instrument, from the part files.

Comes in: a plan and the folder in which all of its jobs are done. Goes out: one `Rendered` each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from timbrespace.rendering.files import CorpusFolder
from timbrespace.rendering.jobs import InstrumentJob
from timbrespace.rendering.plan import RenderPlan


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


def read_parts(plan: RenderPlan, folder: CorpusFolder) -> list[Rendered]:
    """What came of every job, in the plan's order."""
    return [_read_part(job, folder) for job in plan.jobs]


def _read_part(job: InstrumentJob, folder: CorpusFolder) -> Rendered:
    part = json.loads(folder.part(job).read_text())
    kept = [(pitch, velocity) for pitch, velocity in part["kept"]]
    return Rendered(job=job, kept=kept, dropped=part["dropped"])
