import os

import pytest

from timbrespace.errors import InputError
from timbrespace.tagging.music import find_music


@pytest.fixture
def folder(tmp_path):
    for name in ("b.mp3", "a/deep/c.FLAC", "notes.txt", ".hidden.wav", "old.m4a", "a/.x.wma"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def names(music):
    return [item.inner.as_posix() for item in music]


def test_a_folder_holds_its_audio_and_what_cannot_be_decoded(folder):
    assert names(find_music([folder])) == ["a/deep/c.FLAC", "b.mp3", "old.m4a"]


def test_a_file_is_taken_whatever_its_name(folder):
    assert names(find_music([folder / "notes.txt"])) == ["notes.txt"]


def test_what_is_named_twice_is_heard_once(folder, monkeypatch):
    monkeypatch.chdir(folder / "a")
    music = find_music([folder / "b.mp3", folder, *map(type(folder), ["../b.mp3", "deep"])])
    assert names(music) == ["b.mp3", "a/deep/c.FLAC", "old.m4a"]


def test_names_need_not_be_text(folder):
    (folder / os.fsdecode(b"caf\xe9.wav")).touch()
    assert len(find_music([folder])) == 4


def test_what_is_not_there_is_said(folder):
    with pytest.raises(InputError, match=r"nothing\.wav: no such file"):
        find_music([folder / "nothing.wav"])
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="there is no audio"):
        find_music([folder / "empty"])
