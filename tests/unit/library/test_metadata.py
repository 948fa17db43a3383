import stat
import struct

import numpy as np
import pytest
import soundfile

from timbrespace.errors import AudioError, InputError
from timbrespace.library.metadata import write_keywords

SUFFIXES = (".wav", ".aiff", ".flac")


@pytest.fixture
def sound(tmp_path, rng):
    def make(suffix):
        path = tmp_path / f"sound{suffix}"
        samples = rng.integers(-30_000, 30_000, (4_001, 2), dtype=np.int16)
        with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_16") as file:
            file.title = "A title"
            file.write(samples)
        return path

    return make


def audio_of(path):
    samples, rate = soundfile.read(path, dtype="int32")
    return rate, samples.tobytes()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def title_of(path):
    with soundfile.SoundFile(path) as file:
        return file.title


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_keywords_are_written_and_the_rest_stays(sound, suffix):
    path = sound(suffix)
    before, length = audio_of(path), path.stat().st_size
    write_keywords(path, ["punchy", "très grave"])
    content = path.read_bytes()
    assert b"punchy" in content
    assert "très grave".encode() in content
    assert audio_of(path) == before
    assert title_of(path) == "A title"
    write_keywords(path, ["new"])
    assert b"punchy" not in path.read_bytes()
    write_keywords(path, [])
    assert b"new" not in path.read_bytes()
    assert audio_of(path) == before
    assert abs(path.stat().st_size - length) <= 16  # an empty list of comments may stay


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_writing_twice_gives_the_same_file(sound, suffix):
    path = sound(suffix)
    write_keywords(path, ["a", "bc"])
    once = path.read_bytes()
    write_keywords(path, ["a", "bc"])
    assert path.read_bytes() == once


def test_wav_keywords_stand_where_programs_look(sound):
    path = sound(".wav")
    write_keywords(path, ["a", "b"])
    content = path.read_bytes()
    place = content.index(b"IKEY")
    assert content[place + 8 : place + 13] == b"a; b\0"
    assert struct.unpack("<I", content[4:8])[0] == len(content) - 8


def test_flac_without_comments_gets_them(sound):
    path = sound(".flac")
    content = path.read_bytes()
    (header,) = struct.unpack(">I", content[4:8])
    size, frames = header & 0xFFFFFF, content.index(b"\xff\xf8", 42)
    only_stream = b"fLaC" + struct.pack(">I", 0x80 << 24 | size) + content[8 : 8 + size]
    path.write_bytes(only_stream + content[frames:])
    before = audio_of(path)
    write_keywords(path, ["a"])
    assert audio_of(path) == before
    assert b"KEYWORDS=a" in path.read_bytes()


def test_rights_and_links_are_kept(sound, tmp_path):
    path = sound(".wav")
    path.chmod(0o640)
    link = tmp_path / "link.wav"
    link.symlink_to(path)
    write_keywords(link, ["a"])
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert b"IKEY" in path.read_bytes()
    assert names(tmp_path) == ["link.wav", "sound.wav"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_broken_file_is_left_as_it_was(sound, suffix, tmp_path):
    path = sound(suffix)
    whole = path.read_bytes()
    for wrong in (whole[:30], whole[:4] + b"\xff\xff\xff\xff" + whole[8:], whole[:10]):
        path.write_bytes(wrong)
        with pytest.raises(AudioError, match="left as it was"):
            write_keywords(path, ["a"])
        assert path.read_bytes() == wrong
        assert names(tmp_path) == [path.name]


def test_a_huge_list_of_texts_is_not_read(tmp_path):
    path = tmp_path / "sparse.wav"
    size = 1 << 25
    with path.open("wb") as file:
        file.write(struct.pack("<4sI4s4sI4s", b"RIFF", size + 12, b"WAVE", b"LIST", size, b"INFO"))
        file.truncate(size + 20)
    with pytest.raises(AudioError, match="bytes of text"):
        write_keywords(path, ["a"])


def test_other_formats_are_refused(tmp_path):
    with pytest.raises(InputError, match="files only"):
        write_keywords(tmp_path / "a.mp3", ["a"])
    (tmp_path / "a.wav").write_bytes(b"ID3 what")
    with pytest.raises(AudioError, match="not a plain WAV"):
        write_keywords(tmp_path / "a.wav", ["a"])
    with pytest.raises(InputError, match="cannot be written"):
        write_keywords(tmp_path / "nowhere.wav", ["a"])


def test_a_stop_in_the_middle_leaves_the_file(sound, tmp_path, monkeypatch):
    path = sound(".wav")
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda number: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_keywords(path, ["a"])
    assert path.read_bytes() == before
    assert names(tmp_path) == [path.name]
