"""Keeping: tags and favourites are in the catalogue, and sounds can be taken along as files."""

import io
import zipfile
from pathlib import Path

import pytest

from timbrespace.library import Library

pytestmark = pytest.mark.xdist_group("browser")


def kept(library):
    """Tags and favourite of each sound in the catalogue."""
    with Library.open(library, writable=False) as opened:
        rows = opened.rows(["id", "tags", "favourite"]).to_pylist()
    return {row["id"]: (row["tags"], bool(row["favourite"])) for row in rows}


def test_tags_and_favourites_are_kept_in_the_catalogue(visit, address, library, points, shoot):
    chosen = [points.ids["violin-66"], points.ids["violin-69"]]
    page = visit(f"{address}#selection={chosen[0]},{chosen[1]}&focus={chosen[0]}")
    page.get_by_label("New tags, commas between").fill("warm, for intro")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(".tags li:has-text('warm')")
    page.locator("#map").focus()
    page.keyboard.press("f")
    page.wait_for_selector("#sound .star[aria-pressed=true]")
    assert [kept(library)[each] for each in chosen] == [
        (["for intro", "warm"], True),
        (["for intro", "warm"], False),
    ]
    page.reload()
    page.wait_for_selector("#sound .star[aria-pressed=true]")
    page.wait_for_selector(".tags li:has-text('for intro')")
    page.get_by_label("Name, tag or family").fill("warm")
    page.wait_for_selector("#status:has-text('2 of 60 sounds')")
    page.check("text=Favourites only")
    page.wait_for_selector("#status:has-text('1 of 60 sounds')")
    shoot(page, "kept")
    page.get_by_role("button", name="Remove the tag warm").click()
    page.wait_for_selector(".tags li:has-text('warm')", state="detached")
    assert [kept(library)[each][0] for each in chosen] == [["for intro"], ["for intro"]]


@pytest.mark.parametrize("form", ["m3u", "zip"])
def test_sounds_are_taken_along(visit, address, library, points, sounds, form):
    names = ["organ-48", "flute-60"]
    page = visit(f"{address}#selection={','.join(str(points.ids[name]) for name in names)}")
    page.get_by_label("Format").select_option(form)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 2").click()
    content = Path(download.value.path()).read_bytes()
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            got = {Path(name).name: archive.read(name) for name in archive.namelist()}
        flute = sounds / "flute" / "flute-60.aiff"
        assert got[flute.name] == flute.read_bytes()
        assert "organ-48.wav" in got
    else:
        lines = [line for line in content.decode().splitlines() if not line.startswith("#")]
        assert lines == [str(sounds / "organ/organ-48.wav"), str(sounds / "flute/flute-60.aiff")]
