import json
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from timbrespace.evaluation.report import Picture, Section, Table, write_report

HOSTILE = "</td><script>alert('x')</script> \"'&"


class Reader(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.sources, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.sources += [value for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def folder(tmp_path):
    figure = Figure()
    figure.subplots().set_title(HOSTILE)
    table = Table(name="t", caption=HOSTILE, header=(HOSTILE, "n"), rows=[(HOSTILE, "12")])
    sections = [
        Section(
            name="first",
            text=[HOSTILE],
            tables=[table, table],
            pictures=[Picture(name="p", caption=HOSTILE, figure=figure)],
            listings={HOSTILE: HOSTILE},
            record={"value": float("nan"), "name": HOSTILE},
        ),
        Section(name="second", skipped=HOSTILE),
    ]
    assert write_report(sections, tmp_path / "new", title=HOSTILE) == tmp_path / "new/report.html"
    return tmp_path / "new"


@pytest.fixture
def page(folder):
    return Reader((folder / "report.html").read_text(encoding="utf-8"))


def test_nothing_from_outside_becomes_markup(page):
    assert "script" not in page.tags
    shown = page.text.count(HOSTILE)
    in_tables, elsewhere = 2 * 3, 7  # title twice, text, figure caption, listing twice, reason
    assert shown == in_tables + elsewhere


def test_the_page_needs_no_other_file(page):
    assert page.sources
    assert all(source.startswith(("data:image/svg+xml;base64,", "#")) for source in page.sources)


def test_tables_are_numbered_and_reasons_told(page):
    assert "Table 1." in page.text
    assert "Table 2." in page.text
    assert "Figure 1." in page.text
    assert "Left out: " + HOSTILE in page.text


def test_numbers_are_json(folder):
    record = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert record["sections"]["first"] == {"value": None, "name": HOSTILE}
    assert record["sections"]["second"] == {"skipped": HOSTILE}


def test_tables_and_figures_are_files_too(folder):
    assert (folder / "tables.md").read_text(encoding="utf-8").count("| 12 |") == 2
    assert (folder / "tables.tex").read_text(encoding="utf-8").count(r"\toprule") == 2
    assert (folder / "figures/p.svg").read_text(encoding="utf-8").startswith("<?xml")
