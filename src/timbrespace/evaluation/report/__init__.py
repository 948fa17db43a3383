"""Evaluations as one page that stands beside a paper."""

from timbrespace.evaluation.report.build import SECTIONS, report_sections
from timbrespace.evaluation.report.evidence import Evidence, Settings
from timbrespace.evaluation.report.page import write_report
from timbrespace.evaluation.report.parts import Picture, Section, Table

__all__ = [
    "SECTIONS",
    "Evidence",
    "Picture",
    "Section",
    "Settings",
    "Table",
    "report_sections",
    "write_report",
]
