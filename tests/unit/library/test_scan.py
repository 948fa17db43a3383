import os

import pytest

from timbrespace.errors import InputError
from timbrespace.library.scan import scan


def found(places):
    problems = []
    paths = [file.path for file in scan(places, problems.append)]
    return paths, problems


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("top.wav", "a/one.FLAC", "a/b/two.m4a", "a/notes.txt", "a/._one.wav"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_audio_is_found_below_and_hidden_files_are_not(folder):
    paths, problems = found([folder])
    assert paths == [str(folder / name) for name in ("top.wav", "a/one.FLAC", "a/b/two.m4a")]
    assert problems == []


def test_links_that_run_in_circles_end_and_real_names_win(folder):
    (folder / "0-first").symlink_to(folder / "a")
    (folder / "a" / "b" / "up").symlink_to(folder)
    paths, problems = found([folder, folder / "a"])
    assert len(paths) == 3
    assert not any("0-first" in path or "up" in path for path in paths)
    assert problems == []


def test_folders_outside_that_are_linked_are_scanned(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("drive")
    (other / "far.wav").write_bytes(b"x")
    (folder / "far").symlink_to(other)
    assert str(folder / "far" / "far.wav") in found([folder])[0]


def test_a_library_among_the_sounds_is_left_out(folder):
    (folder / "a" / "catalogue.sqlite").write_bytes(b"")
    assert found([folder])[0] == [str(folder / "top.wav")]


def test_what_cannot_be_listed_is_told(folder, monkeypatch):
    real = os.scandir

    def refusing(path):
        if str(path).endswith("/b"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", refusing)
    paths, problems = found([folder])
    assert len(paths) == 2
    assert problems == [f"{folder}/a/b: cannot be listed (Permission denied)."]


def test_a_broken_link_is_told(folder):
    (folder / "broken.wav").symlink_to(folder / "nowhere.wav")
    paths, problems = found([folder])
    assert len(paths) == 3
    assert problems == [f"{folder}/broken.wav: cannot be read (No such file or directory)."]


def test_a_place_must_be_a_folder_or_audio(folder):
    assert found([folder / "a" / "one.FLAC"])[0] == [str(folder / "a" / "one.FLAC")]
    for name, fault in (("nowhere", "no such"), ("a/notes.txt", "neither a folder nor an audio")):
        with pytest.raises(InputError, match=fault):
            found([folder / name])
