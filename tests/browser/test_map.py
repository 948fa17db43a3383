"""The map: shown, coloured, filtered, chosen from, and found again by its address."""

import csv
import io
import re
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

pytestmark = pytest.mark.xdist_group("browser")


def pixels(page):
    """Colours of the map's picture; (height, width, 3), 0 to 255."""
    picture = matplotlib.image.imread(io.BytesIO(page.locator("#map").screenshot()))
    return (255 * picture[..., :3]).round().astype(int)


def share_of(colour, picture):
    """Pixels that have a colour, or nearly."""
    return int((np.abs(picture - colour).max(-1) <= 6).sum())


def share_of_change(before, after):
    """Pixels that are not as they were."""
    return int((np.abs(before - after).max(-1) > 20).sum())


def swatches(page):
    """Colour of each legend entry, by its name."""
    entries = page.locator("#legend .entry").evaluate_all(
        "entries => entries.map(entry => [entry.querySelector('.value').textContent,"
        "getComputedStyle(entry.querySelector('.swatch')).backgroundColor])"
    )
    return {name: [int(part) for part in re.findall(r"\d+", said)[:3]] for name, said in entries}


def test_every_instrument_has_dots_of_its_colour(visit, address, shoot):
    page = visit(f"{address}#projection=pca2&colour=instrument")
    assert page.inner_text("#status") == "60 sounds"
    page.wait_for_selector("#legend .entry >> nth=5")
    picture = pixels(page)
    colours = swatches(page)
    assert len(colours) == 6
    for name, colour in colours.items():
        assert share_of(colour, picture) > 20, name
    shoot(page, "map-flat")


def test_another_column_gives_other_colours_and_another_legend(visit, address, shoot):
    page = visit(f"{address}#projection=pca2&colour=instrument")
    page.wait_for_selector("#legend .entry >> nth=5")
    before = pixels(page)
    page.get_by_role("combobox", name="Colour").select_option(label="Pitch")
    page.wait_for_selector("#legend .ticks:has-text('C4')")
    assert page.locator("#legend .entry").count() == 0
    assert share_of_change(before, pixels(page)) > 200
    shoot(page, "map-by-pitch")


def test_words_and_ranges_narrow_what_is_shown(visit, address, shoot):
    page = visit(f"{address}#colour=instrument")
    page.get_by_label("Name, tag or family").fill("marimba")
    page.wait_for_selector("#status:has-text('10 of 60 sounds')")
    page.get_by_label("Pitch, lowest").fill("500")  # of 1000: from the middle, D#4 and a half, on
    page.wait_for_selector("#status:has-text('5 of 60 sounds')")
    shoot(page, "filtered")
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_selector("#status:has-text('60 sounds')")


def test_a_click_in_the_legend_shows_one_instrument_and_shift_adds_another(visit, address):
    page = visit(f"{address}#colour=instrument")
    page.click("#legend .entry:has-text('organ')")
    page.wait_for_selector("#status:has-text('10 of 60 sounds')")
    page.click("#legend .entry:has-text('flute')", modifiers=["Shift"])
    page.wait_for_selector("#status:has-text('20 of 60 sounds')")


def test_a_map_is_computed_while_another_stays(visit, address, shoot):
    page = visit(f"{address}#projection=pca3&colour=instrument")
    page.get_by_role("combobox", name="Map").select_option("opentsne2")
    page.wait_for_selector("#notice:has-text('Computing the')")
    shoot(page, "computing")
    page.wait_for_function("() => location.hash.includes('projection=opentsne2')")
    page.wait_for_selector("#notice", state="hidden")
    shoot(page, "map-tsne")


def test_an_address_brings_back_the_view(visit, address, points, shoot):
    page = visit(f"{address}#projection=pca2&colour=brightness_hz")
    page.get_by_label("Name, tag or family").fill("o")  # organ, violin
    page.get_by_label("Pitch, highest").fill("800")
    page.locator("#map").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.get_by_role("button", name="Select all sounds shown").click()
    page.wait_for_selector(".hits li")
    page.wait_for_function("() => location.hash.includes('selection=')")
    seen = view_of(page)
    assert "camera" in page.url
    shoot(page, "view")
    again = visit(page.url)
    again.wait_for_selector(".hits li")
    again.wait_for_selector("#sound .facts")
    assert view_of(again) == seen
    shoot(again, "view-again")


def test_an_address_that_names_little_keeps_a_map_and_a_colour(visit, address, points):
    page = visit(f"{address}#projection=pca2&colour=instrument")
    page.evaluate("id => { location.hash = `focus=${id}`; }", points.ids["organ-60"])
    page.wait_for_selector("#sound h3:has-text('organ-60')")
    page.wait_for_selector("#legend .entry:has-text('mallet')")  # by family, as at the start
    # A map that was not shown before is fetched first.
    page.wait_for_function("() => document.querySelector('#toolbar select').value")
    values = page.locator("#toolbar select").evaluate_all("all => all.map(one => one.value)")
    assert values[1] == "family"


def view_of(page):
    """What a person sees to be chosen."""
    selectors = "#toolbar select, #filters input, #filters select, #verify button"
    return {
        "address": page.url,
        "values": page.locator(selectors).evaluate_all("all => all.map(one => one.value)"),
        "shown": page.inner_text("#status"),
        "focus": page.inner_text("#sound h3"),
        "hits": page.locator(".hits .name").all_inner_texts(),
        "selection": page.inner_text("#keeping .row >> nth=0"),
    }


def test_a_lasso_takes_what_lies_inside_and_it_can_be_taken_along(
    visit, address, points, shoot, tmp_path
):
    page = visit(f"{address}#projection=pca2&colour=instrument")
    page.get_by_role("button", name="Lasso").click()
    draw_around_the_left_half(page)
    page.wait_for_function("() => location.hash.includes('selection=')")
    shoot(page, "lasso")
    chosen = [int(each) for each in re.search(r"selection=([\d,]+)", page.url)[1].split(",")]
    left = {each: x for each, (x, _) in points.places.items()}
    assert 0 < len(chosen) < 60
    assert max(left[each] for each in chosen) < min(left[each] for each in left.keys() - {*chosen})
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Export {len(chosen)}").click()
    assert download.value.suggested_filename == f"timbrespace-{len(chosen)}-sounds.csv"
    with Path(download.value.path()).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["id"]) for row in rows] == chosen
    assert all(Path(row["path"]).is_file() for row in rows)


def draw_around_the_left_half(page):
    box = page.locator("#map").bounding_box()
    left, top = box["x"] + 2, box["y"] + 2
    middle, bottom = box["x"] + box["width"] / 2, box["y"] + box["height"] - 2
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((middle, top), (middle, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
