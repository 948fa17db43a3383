"""States that nobody hopes for: no sounds yet, and a server that has ended."""

import pytest

from timbrespace.library import Library

pytestmark = pytest.mark.xdist_group("browser")


def test_an_empty_library_says_what_to_do_until_sounds_come(visit, serve, sounds, tmp_path, shoot):
    with Library.open(tmp_path / "mine") as library, serve(library.folder) as address:
        page = visit(address, until=".placard")
        assert "No sounds yet" in page.inner_text("#stage")
        assert "timbrespace library add FOLDER" in page.inner_text("#stage")
        shoot(page, "empty")
        library.add([sounds / "organ"])
        page.reload()
        page.wait_for_selector("#status:has-text('10 sounds')")
        page.close()  # what it still asks for would find no server


def test_a_server_that_ended_is_said_and_the_map_stays(visit, serve, library, points, shoot):
    with serve(library) as address:
        page = visit(
            f"{address}#projection=pca2&colour=instrument", expected=["ERR_CONNECTION_REFUSED"]
        )
        page.wait_for_selector("#legend .entry")
    page.evaluate("() => { location.hash += '&focus=1&liked=1'; }")
    page.wait_for_selector("#finding [role=status]:has-text('timbrespace explore')")
    assert page.locator("#legend .entry").count() == 6
    shoot(page, "server-gone")
