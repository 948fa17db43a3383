"""A report as files.

Comes in: sections. Goes out: a folder with `report.html` (one file that needs no other and no
network), `report.json` (the same numbers, unrounded), `tables.md`, `tables.tex` and `figures/`.
Everything that comes from a user's files is escaped in the page.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from timbrespace.evaluation.report.parts import Section, latex_table, markdown_table, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEMPLATE = Path(__file__).with_name("page.html.j2")


def write_report(sections: Sequence[Section], folder: Path, *, title: str) -> Path:
    """Write all files of a report, and return the path of its page.

    Args:
        sections: in the order to show.
        folder: made if it is missing; files of an earlier report are replaced.
        title: heading of the page.
    """
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    drawn = {
        picture.name: svg_text(picture.figure)
        for section in sections
        for picture in section.pictures
    }
    for name, svg in drawn.items():
        (figures / f"{name}.svg").write_text(svg, encoding="utf-8")
    tables = [table for section in sections for table in section.tables]
    record = {"title": title, "sections": {part.name: _record(part) for part in sections}}
    page = folder / "report.html"
    for path, text in (
        (folder / "report.json", json.dumps(plain(record), indent=2, allow_nan=False)),
        (folder / "tables.md", "\n\n".join(map(markdown_table, tables))),
        (folder / "tables.tex", "\n\n".join(map(latex_table, tables))),
        (page, page_html(sections, drawn, title=title)),
    ):
        path.write_text(text + "\n", encoding="utf-8")
    return page


def page_html(sections: Sequence[Section], drawn: dict[str, str], *, title: str) -> str:
    """The page.

    Args:
        sections: in the order to show.
        drawn: SVG of each picture by its name.
        title: heading.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    images = {
        name: "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        for name, svg in drawn.items()
    }
    return template.render(title=title, sections=sections, images=images)


def svg_text(figure: Figure) -> str:
    """A figure as SVG, without the date, so that equal results give equal files."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None}, dpi=200)
    return buffer.getvalue()


def _record(section: Section) -> dict[str, object]:
    return {"skipped": section.skipped} if section.skipped else dict(section.record)
