"""All sections of a report, in the order to show.

Comes in: `Evidence`. Goes out: `Section`s; one that cannot be made says why and keeps its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from timbrespace.errors import TimbrespaceError
from timbrespace.evaluation.report.comparing import significance_section, verification_section
from timbrespace.evaluation.report.describing import (
    frontend_section,
    map_section,
    probing_section,
    retrieval_section,
)
from timbrespace.evaluation.report.evidence import Evidence
from timbrespace.evaluation.report.parts import Section
from timbrespace.evaluation.report.provenance import provenance_section

SECTIONS: Mapping[str, Callable[[Evidence], Section]] = {
    "verification": verification_section,
    "significance": significance_section,
    "probing": probing_section,
    "retrieval": retrieval_section,
    "map": map_section,
    "front-end": frontend_section,
    "provenance": provenance_section,
}


def report_sections(evidence: Evidence, *, skip: Collection[str] = ()) -> Iterator[Section]:
    """Each section of `SECTIONS`, one by one, as they are made.

    Args:
        evidence: what to report on.
        skip: names of sections not to make.
    """
    for name, make in SECTIONS.items():
        if name in skip:
            yield Section(name=name, skipped="not asked for.")
            continue
        try:
            yield make(evidence)
        except TimbrespaceError as fault:
            yield Section(name=name, skipped=str(fault))
