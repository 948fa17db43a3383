"""A real library, a real server in a process of its own, and the page in a real browser."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from timbrespace.explorer.static_site import write_site
from timbrespace.library import Library

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=document-user-activation-required",  # as for people: a gesture comes first
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE_MS = 60_000
LISTEN = """window.heard = [];
document.addEventListener("timbrespace:playing", (event) => heard.push(event.detail));"""

RATE, SECONDS = 44_100, 0.5
PITCHES = range(48, 78, 3)
INSTRUMENTS = {  # how fast partials fall, which partials there are, attack and decay
    "clarinet": (1.0, 2, 0.04, 0.5),
    "flute": (2.2, 1, 0.08, 0.5),
    "marimba": (3.0, 3, 0.003, 9.0),
    "organ": (1.4, 1, 0.02, 0.0),
    "trumpet": (0.5, 1, 0.03, 0.8),
    "violin": (0.9, 1, 0.1, 0.3),
}


def write_note(path, instrument, pitch):
    """A note of an instrument; its start and phases are the file's own."""
    slope, step, attack_s, decay = INSTRUMENTS[instrument]
    rng = np.random.default_rng([pitch, *instrument.encode()])
    time_s = np.arange(round(SECONDS * RATE)) / RATE
    partials = np.arange(1, 24, step)[:, None]
    phases = rng.uniform(0, 2 * np.pi, partials.shape)
    waves = np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * partials * time_s + phases)
    ends = np.minimum(1, time_s / attack_s) * np.minimum(1, (SECONDS - time_s) / 0.05)
    note = (partials**-slope * waves).sum(0) * ends * np.exp(-decay * time_s)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.5 * note / np.abs(note).max(), RATE)
    return path


@pytest.fixture(scope="session")
def sounds(tmp_path_factory):
    """Sixty notes in the folders of six instruments; flute-60 is an AIFF, which browsers refuse."""
    folder = tmp_path_factory.mktemp("browsed") / "Orchestra"
    for instrument in INSTRUMENTS:
        for pitch in PITCHES:
            ending = "aiff" if (instrument, pitch) == ("flute", 60) else "wav"
            write_note(folder / instrument / f"{instrument}-{pitch}.{ending}", instrument, pitch)
    return folder


@pytest.fixture(scope="session")
def stranger(tmp_path_factory):
    """A note of the marimba that the library does not have."""
    return write_note(tmp_path_factory.mktemp("outside") / "found.wav", "marimba", 64)


@pytest.fixture(scope="session")
def library(sounds, tmp_path_factory):
    """Folder of a library of `sounds`, heard by the encoder that ships."""
    folder = tmp_path_factory.mktemp("library") / "Orchestra"
    with Library.open(folder) as library:
        library.add([sounds])
    return folder


@contextmanager
def served(library):
    """The page's address, for as long as `timbrespace explore` runs."""
    command = [sys.executable, "-m", "timbrespace", "explore", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        [*command, "--library", library],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def serve():
    """`served`, for a library of the test's own."""
    return served


@pytest.fixture(scope="session")
def address(library):
    """Where the library is served."""
    with served(library) as address:
        yield address


@pytest.fixture(scope="session")
def site(library, tmp_path_factory):
    """Folder of the static site of a copy of the library, which keeps the maps laid out for it."""
    folder = tmp_path_factory.mktemp("site")
    out = folder / "map"
    assert write_site(shutil.copytree(library, folder / "library"), out) == []
    return out


def _fetched(address, path):
    with urllib.request.urlopen(f"{address}api/{path}") as answer:
        return answer.read()


@pytest.fixture(scope="session")
def points(address):
    """What is on the map: `ids` of the sounds by name, and `places` by id on the flat PCA map."""
    ids = np.frombuffer(_fetched(address, "ids"), "<u4").tolist()
    names = json.loads(_fetched(address, "names"))["names"]
    places = np.frombuffer(_fetched(address, "projections/pca2"), "<f4").reshape(-1, 2)
    return SimpleNamespace(
        ids=dict(zip(names, ids, strict=True)),
        places=dict(zip(ids, places.tolist(), strict=True)),
    )


@pytest.fixture(scope="module")
def browser():
    """Chromium; of a module, since Playwright's event loop must not outlive its tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """Opens pages. A fault of a page, or a request that leaves this machine, fails the test."""
    contexts, faults = [], []

    def note(fault, expected):
        if not any(each in fault for each in expected):
            faults.append(fault)

    def open_page(
        address, *, size=(1280, 800), expected=(), until="#status:has-text('sounds')", **settings
    ):
        context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            reduced_motion="reduce",
            **settings,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(LISTEN)
        context.on("request", lambda request: local(request.url) or faults.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: note(str(error), expected))
        page.on("console", lambda said: said.type == "error" and note(said.text, expected))
        page.goto(address)
        page.wait_for_selector(until)
        page.wait_for_selector("#notice", state="hidden")  # the map is drawn
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def local(url):
    """Whether a request stays on this machine."""
    return url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))


@pytest.fixture
def shoot(tmp_path, request):
    """Keeps a picture of a page, in the folder $TIMBRESPACE_SCREENSHOTS if that is set."""
    folder = Path(os.environ.get("TIMBRESPACE_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png")


@pytest.fixture(scope="session")
def heard():
    """The n-th sound that had a level at the page's output, once there is one."""

    def nth(page, n):
        page.wait_for_function("(n) => heard.length >= n", arg=n)
        return SimpleNamespace(**page.evaluate("(n) => heard[n - 1]", n))

    return nth
