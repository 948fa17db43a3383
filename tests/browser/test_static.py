"""The static site: from a plain file server and from a folder, it shows, plays and finds."""

import http.server
import threading
from functools import partial

import pytest

pytestmark = pytest.mark.xdist_group("browser")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Python's file server without its log."""

    def log_message(self, *said):
        pass


@pytest.fixture
def plain_server(site):
    """The site's address on a file server that knows nothing of it."""
    handler = partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("way", ["http", "file"])
def test_a_site_shows_plays_and_finds(visit, site, plain_server, points, heard, shoot, way):
    start = plain_server if way == "http" else (site / "index.html").as_uri()
    page = visit(f"{start}#colour=instrument&focus={points.ids['marimba-60']}")
    assert page.inner_text("#status") == "60 sounds"
    page.click("#sound .play")
    sound = heard(page, 1)
    assert (sound.id, sound.state) == (points.ids["marimba-60"], "running")
    page.get_by_role("button", name="More like marimba-60").click()
    page.wait_for_selector(".hits li >> nth=9")
    names = page.locator(".hits .name .unseen").all_text_contents()
    assert sum(name.startswith("marimba") for name in names[:9]) >= 7
    for panel in ("finding", "keeping", "verify"):
        assert "published map" in page.inner_text(f"#{panel}")
    page.get_by_role("combobox", name="Map").select_option("opentsne2")
    page.wait_for_function("() => location.hash.includes('projection=opentsne2')")
    shoot(page, f"static-{way}")
