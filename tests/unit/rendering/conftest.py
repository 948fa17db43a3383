"""Tiny SoundFonts, and real ones where they are installed."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from timbrespace.errors import InputError, MissingDependencyError
from timbrespace.rendering import find_soundfont, load_fluidsynth
from timbrespace.rendering.soundfonts import OPEN_NOTES

_WRITER = runpy.run_path(str(Path(__file__).parents[2] / "soundfont_writer.py"))


@pytest.fixture(scope="session")
def writer() -> SimpleNamespace:
    """The names of tests/soundfont_writer.py."""
    return SimpleNamespace(**_WRITER)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, writer: SimpleNamespace) -> Path:
    """A sine, a saw, a silent, an unpitched, a breath-controlled preset and a percussion kit."""
    sound = writer.Sound
    sounds = [
        sound(name="Piano", program=0, cycle=writer.SINE, keys=(36, 96)),
        sound(name="Trumpet", program=56, cycle=writer.SAW, pan=-500),
        sound(name="Late Trumpet", program=56, bank=8, cycle=writer.SAW, delay=-4_000),
        sound(name="Silent Sax", program=64, cycle=writer.NOTHING),
        sound(name="Gunshot", program=127, cycle=writer.SQUARE),
        sound(name="Flute Expr.", program=73, cycle=writer.SINE, breath=True),
        sound(name="Kit", program=0, bank=128, cycle=writer.SQUARE),
    ]
    return writer.write_soundfont(tmp_path_factory.mktemp("soundfonts") / "tiny.sf2", sounds)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, writer: SimpleNamespace) -> Path:
    """Another SoundFont with the same programs."""
    sounds = [
        writer.Sound(name="Square Piano", program=0, cycle=writer.SQUARE),
        writer.Sound(name="Square Trumpet", program=56, cycle=writer.SQUARE),
    ]
    return writer.write_soundfont(tmp_path_factory.mktemp("soundfonts") / "other.sf2", sounds)


@pytest.fixture(scope="session")
def kits(tmp_path_factory: pytest.TempPathFactory, writer: SimpleNamespace) -> Path:
    """Two recorded kits of the same drums, an electronic and an orchestra kit, and a piano."""
    sounds = [
        writer.Sound(name="Standard", program=0, bank=128, cycle=writer.SQUARE, keys=(27, 60)),
        writer.Sound(name="Room", program=8, bank=128, cycle=writer.SQUARE, level=0.3),
        writer.Sound(name="Electronic", program=24, bank=128, cycle=writer.SINE),
        writer.Sound(name="Orchestra", program=48, bank=128, cycle=writer.SAW),
        writer.Sound(name="Piano", program=0, cycle=writer.SAW),
    ]
    return writer.write_soundfont(tmp_path_factory.mktemp("soundfonts") / "kits.sf2", sounds)


@pytest.fixture
def fluidsynth() -> object:
    try:
        return load_fluidsynth()
    except MissingDependencyError as fault:
        pytest.skip(str(fault))


@pytest.fixture
def florestan(test_data: Path) -> Path:
    return test_data / "soundfonts" / "florestan-subset.sf2"


@pytest.fixture(params=[entry.name for entry in OPEN_NOTES])
def installed(request: pytest.FixtureRequest) -> Path:
    """Each SoundFont that open-notes is made from."""
    try:
        return find_soundfont(request.param)
    except InputError as fault:
        pytest.skip(str(fault))
