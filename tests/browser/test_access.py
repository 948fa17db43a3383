"""For everybody: no serious finding of axe, the keyboard alone, and a telephone's width."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("browser")

AXE = Path(__file__).parents[2] / "explorer/page/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
REGION = """() => {
  const regions = "#toolbar, #legend, #filters, #sound, #finding, #keeping, #verify";
  return document.activeElement.closest(regions)?.id;
}"""


@pytest.fixture(scope="session")
def findings():
    """What axe finds grave about a page."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: bash scripts/page.sh")
    program = AXE.read_text(encoding="utf-8")

    def grave(page):
        page.evaluate(f"{program};0")
        found = page.evaluate("() => axe.run()")
        return [
            (each["id"], [node["html"] for node in each["nodes"]])
            for each in found["violations"]
            if each["impact"] in GRAVE
        ]

    return grave


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_in_use_has_no_grave_finding(
    visit, address, points, stranger, findings, shoot, scheme
):
    chosen = [points.ids[f"organ-{pitch}"] for pitch in (48, 51, 54)]
    view = f"#colour=instrument&focus={chosen[0]}&selection={','.join(map(str, chosen))}"
    page = visit(f"{address}{view}", color_scheme=scheme)
    page.set_input_files("input[type=file]", stranger)
    page.wait_for_selector(".placed .likely li")
    page.wait_for_selector(".hits li")
    page.get_by_role("button", name="Selection → enrolment").click()
    page.evaluate("id => { location.hash += `,${id}`; }", points.ids["flute-48"])
    page.wait_for_selector("#keeping :text('4 selected')")
    page.get_by_role("button", name="Selection → test").click()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector(".verified .strip")
    assert findings(page) == []
    shoot(page, f"in-use-{scheme}")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("dialog.keys[open]")
    assert findings(page) == []
    shoot(page, f"keys-{scheme}")


def test_a_telephone_shows_map_and_panels_without_scrolling_sideways(
    visit, address, points, heard, findings, shoot
):
    organ = points.ids["organ-48"]
    view = f"#projection=pca2&colour=instrument&focus={organ}&liked={organ}"
    page = visit(f"{address}{view}", size=(360, 740), has_touch=True, is_mobile=True)
    page.wait_for_selector(".hits li", state="attached")
    for tab in page.get_by_role("tab").all():
        tab.tap()
        panel = page.locator(f"#{tab.get_attribute('aria-controls')}")
        assert panel.is_visible()
        for part in (page.locator("html"), panel):
            assert part.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
        assert findings(page) == []
        shoot(page, f"telephone-{tab.inner_text().lower()}")
    page.get_by_role("tab", name="Sound").tap()
    page.locator("#sound .play").tap()
    assert heard(page, 1).id == organ


def test_the_keyboard_alone_reaches_everything(visit, address, heard):
    page = visit(f"{address}#selection=1,2")
    page.wait_for_selector("#legend .entry")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first stop leads to the map
    page.keyboard.press("ArrowLeft")
    heard(page, 1)
    unreached = {"toolbar", "legend", "filters", "sound", "finding", "keeping", "verify"}
    for _ in range(100):
        page.keyboard.press("Tab")
        unreached.discard(page.evaluate(REGION))
    assert unreached == set()
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("l")
    page.wait_for_selector(".hits li")
    page.keyboard.press("/")
    page.keyboard.type("violin")
    page.wait_for_selector("#status:has-text('10 of 60 sounds')")
