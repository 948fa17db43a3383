"""Finding: sounds like one, a file that is dropped, the microphone, is it the same instrument."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")

DROP = """([name, bytes]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new Uint8Array(bytes)], name));
  for (const kind of ["dragover", "drop"]) {
    const settings = { dataTransfer: carried, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent(kind, settings));
  }
}"""


IN_VIEW = """(selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


def drop(page, name, content):
    """A file falls onto the page, as from the desktop."""
    page.evaluate(DROP, [name, list(content)])


def found(page):
    return page.locator(".hits .name .unseen").all_text_contents()


def test_more_like_this_finds_the_instrument_and_weights_find_the_pitch(
    visit, address, points, shoot
):
    page = visit(f"{address}#colour=instrument&focus={points.ids['marimba-60']}")
    assert page.get_by_role("button", name="Play all").is_hidden()  # nothing was found yet
    page.get_by_role("button", name="More like marimba-60").click()
    page.wait_for_selector(".hits li >> nth=23")
    assert sum(name.startswith("marimba") for name in found(page)[:9]) >= 7
    assert "marimba-60" not in found(page)
    shoot(page, "similar")
    page.click("text=What counts")
    page.get_by_role("slider", name="timbre", exact=True).fill("0")
    page.get_by_role("slider", name="pitch", exact=True).fill("1")
    page.wait_for_selector(".hits li:nth-child(5) .name:has-text('-60')")
    assert {name.split("-")[1] for name in found(page)[:5]} == {"60"}


def test_less_like_this_takes_an_instrument_away(visit, address, points):
    liked, unliked = points.ids["marimba-60"], points.ids["trumpet-60"]
    page = visit(f"{address}#liked={liked}&unliked={unliked}")
    page.wait_for_selector(".hits li >> nth=23")
    assert not any(name.startswith("trumpet") for name in found(page)[:10])
    page.get_by_role("button", name="Search no longer by less like trumpet-60").click()
    page.wait_for_function("() => !location.hash.includes('unliked')")


def test_a_dropped_file_is_placed_named_and_heard(visit, address, stranger, heard, shoot):
    page = visit(f"{address}#projection=pca2&colour=instrument")
    page.wait_for_selector(".drop")
    before = page.locator("#map").screenshot()
    with page.expect_response("**/api/place") as answer:
        drop(page, stranger.name, stranger.read_bytes())
    said = answer.value.json()
    page.wait_for_selector(".placed h3:has-text('found.wav')")
    page.wait_for_function(IN_VIEW, arg=".placed h3")
    assert page.evaluate(IN_VIEW, "#toolbar")
    assert heard(page, 1).id < 0  # of no sound in the library
    name, probability = said["nearest"][0]
    likeliest = page.inner_text(".placed .likely li >> nth=0")
    assert name in likeliest
    assert f"{100 * probability:.0f}" in likeliest
    page.wait_for_selector(".hits li >> nth=9")
    assert sum(each.startswith("marimba") for each in found(page)[:5]) >= 4
    assert page.locator("#map").screenshot() != before  # the marker and the lines
    shoot(page, "dropped")
    page.click("text=What counts")
    page.get_by_role("slider", name="timbre", exact=True).fill("0")
    page.get_by_role("slider", name="pitch", exact=True).fill("1")
    page.wait_for_selector(".hits li:nth-child(5) .name:has-text('-63')")
    assert {each.split("-")[1] for each in found(page)[:5]} == {"63"}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("notes.txt", b"not a sound", "cannot be decoded"),
        ("empty.wav", b"", "empty"),
    ],
)
def test_a_file_that_is_no_sound_is_refused_in_words(visit, address, name, content, fault):
    page = visit(address, expected=["the server responded with a status of 4"])
    page.wait_for_selector(".drop")
    drop(page, name, content)
    page.wait_for_selector(f".drop .problem:has-text('{name}'):has-text('{fault}')")


def test_a_recording_is_placed(visit, address, shoot):
    page = visit(address)
    page.get_by_role("button", name="Record").click()
    page.wait_for_selector(".drop :text('▮')")  # Chromium's microphone beeps
    page.get_by_role("button", name="Stop recording").click()
    page.wait_for_selector(".placed h3:has-text('Recording.wav')")
    page.wait_for_selector(".hits li")


def test_another_note_of_an_instrument_is_accepted_and_another_instrument_is_not(
    visit, address, points, shoot
):
    notes = {
        instrument: [points.ids[f"{instrument}-{pitch}"] for pitch in (51, 54, 57, 63)]
        for instrument in ("marimba", "trumpet")
    }
    tested = [points.ids["marimba-60"], *notes["trumpet"]]
    page = visit(f"{address}#selection={','.join(map(str, notes['marimba']))}")
    page.get_by_role("button", name="Selection → enrolment").click()
    page.evaluate("ids => { location.hash = `selection=${ids}`; }", ",".join(map(str, tested)))
    page.wait_for_selector("#verify :text('4 sounds')")
    page.wait_for_selector("#keeping :text('5 selected')")
    page.get_by_role("button", name="Selection → test").click()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector(".verified li >> nth=4")
    best, *others = page.locator(".verified li").all_inner_texts()
    assert "marimba-60" in best
    assert "✓ accepted" in best
    assert all("✕ rejected" in each for each in others)
    assert "6 instruments" in page.inner_text(".verified [role=status]")
    page.locator(".verified").scroll_into_view_if_needed()
    shoot(page, "verified")
