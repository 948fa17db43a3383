"""Sound: it truly starts, at a click, by keys, one after another, and of files browsers refuse."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")


def straight_at(points, number):
    """Part of an address: the flat map, its middle at one sound."""
    x, y = (place - 0.5 for place in points.places[number])
    return f"projection=pca2&camera={x:.3f},{y:.3f},0.3,{x:.3f},{y:.3f},0"


def test_a_click_on_a_dot_is_heard(visit, address, points, heard, shoot):
    marimba = points.ids["marimba-60"]
    page = visit(f"{address}#{straight_at(points, marimba)}&colour=instrument")
    page.wait_for_selector("#legend .entry")
    page.click("#map")
    sound = heard(page, 1)
    assert (sound.id, sound.state) == (marimba, "running")
    assert sound.rms > 0
    assert page.inner_text("#sound h3") == "marimba-60"
    page.wait_for_selector("#sound .likely li")
    shoot(page, "playing")


def test_arrows_walk_by_ear_and_space_plays_and_stops(visit, address, points, heard):
    page = visit(f"{address}#projection=pca2")
    page.check("text=Loop")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")  # from nowhere: to the middle
    first = heard(page, 1)
    page.keyboard.press("ArrowRight")
    second = heard(page, 2)
    assert points.places[second.id][0] > points.places[first.id][0]
    page.keyboard.press("ArrowUp")
    third = heard(page, 3)
    assert points.places[third.id][1] > points.places[second.id][1]
    page.keyboard.press("Space")
    assert page.locator("html").get_attribute("data-playing") is None
    page.keyboard.press("Space")
    assert heard(page, 4).id == third.id
    assert page.locator("html").get_attribute("data-playing") == str(third.id)


def test_an_aiff_is_heard(visit, address, points, heard):
    page = visit(f"{address}#focus={points.ids['flute-60']}")
    page.click("#sound .play")
    assert heard(page, 1).id == points.ids["flute-60"]


def test_a_selection_is_heard_in_its_order(visit, address, points, heard):
    chosen = [points.ids[name] for name in ("violin-60", "organ-48", "trumpet-75")]
    page = visit(f"{address}#selection={','.join(map(str, chosen))}")
    page.get_by_role("button", name="Play selection (3)").click()
    assert [heard(page, n).id for n in (1, 2, 3)] == chosen


def test_hovering_is_heard_only_if_wanted(visit, address, points, heard):
    organ = points.ids["organ-60"]
    page = visit(f"{address}#{straight_at(points, organ)}")
    page.check("text=On hover")
    page.hover("#map")
    assert heard(page, 1).id == organ
