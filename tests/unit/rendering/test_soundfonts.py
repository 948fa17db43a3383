import pytest

from timbrespace.errors import InputError
from timbrespace.rendering import CATALOGUE, find_soundfont, installed_soundfonts, list_presets
from timbrespace.rendering.soundfonts import entry_of_checksum, sha256_of


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("TIMBRESPACE_SOUNDFONTS", f"{tmp_path / 'missing'}:{folder}")
    return folder


def test_a_path_is_itself(tiny):
    assert find_soundfont(str(tiny)) == tiny


@pytest.mark.parametrize("name", ["mine", "mine.sf3"])
def test_a_name_is_found_in_the_users_folders(own_folder, name):
    (own_folder / "mine.sf3").touch()
    assert find_soundfont(name) == own_folder / "mine.sf3"


@pytest.mark.parametrize("name", ["TimGM6mb", "timgm6mb-soundfont", "TimGM6mb.sf2"])
def test_the_users_folders_come_before_the_systems(own_folder, name):
    (own_folder / "TimGM6mb.sf2").touch()
    assert find_soundfont(name) == own_folder / "TimGM6mb.sf2"
    assert "TimGM6mb" in [entry.name for entry in installed_soundfonts()]


def test_an_unknown_name_gets_the_known_ones(own_folder):
    with pytest.raises(InputError, match=r"none in .*own.*apt-get install timgm6mb-soundfont"):
        find_soundfont("nothing.sf2")


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_known_name_that_is_missing_gets_its_package(monkeypatch, entry):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", ())
    with pytest.raises(InputError, match=f"install it with: apt-get install {entry.package}"):
        find_soundfont(entry.name)


def test_the_catalogue_describes_what_is_installed(installed):
    entry = entry_of_checksum(sha256_of(installed))
    assert entry is not None
    assert entry.name == installed.stem
    pitched = [preset for preset in list_presets(installed) if preset.bank != 128]
    assert len(pitched) == entry.n_pitched_presets


def test_other_files_are_not_in_the_catalogue(tiny):
    assert entry_of_checksum(sha256_of(tiny)) is None
