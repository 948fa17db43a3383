import numpy as np
import soundfile

from timbrespace.library.collecting import copy_sounds, write_m3u


def row(path, start_s=0.0, duration_s=0.5):
    return {"path": str(path), "start_s": start_s, "duration_s": duration_s}


def test_copies_have_their_names_and_write_over_nothing(tmp_path):
    for folder in ("a", "b", "out"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "kick.wav").write_bytes(folder.encode())
    rows = [row(tmp_path / "a" / "kick.wav"), row(tmp_path / "b" / "kick.wav")]
    assert copy_sounds(rows, tmp_path / "out") == []
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {
        "kick.wav": b"out",
        "kick (2).wav": b"a",
        "kick (3).wav": b"b",
    }


def test_slices_are_cut_out_sample_by_sample(tmp_path, rng):
    samples = rng.integers(-9_000, 9_000, (16_000, 2), dtype=np.int16)
    soundfile.write(tmp_path / "long.wav", samples, 16_000)
    assert copy_sounds([row(tmp_path / "long.wav", 0.25, 0.5)], tmp_path, slices=True) == []
    found, rate = soundfile.read(tmp_path / "long 0.25s.wav", dtype="int16")
    assert rate == 16_000
    np.testing.assert_array_equal(found, samples[4_000:12_000])


def test_what_cannot_be_copied_is_listed(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    rows = [row(tmp_path / "gone.wav"), row(tmp_path / "text.wav", 1.0)]
    assert "gone.wav" in copy_sounds(rows[:1], tmp_path)[0]
    assert "text.wav" in copy_sounds(rows[1:], tmp_path, slices=True)[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["text.wav"]


def test_a_playlist_names_files_and_where_sounds_start(tmp_path):
    rows = [row("/a/kick.wav"), row("/a/long.wav", 2.0, 3.0), row("/a/line\nbreak.wav")]
    write_m3u(rows, tmp_path / "list.m3u")
    lines = (tmp_path / "list.m3u").read_text().splitlines()
    assert lines == [
        "#EXTM3U",
        "#EXTINF:1,kick",
        "/a/kick.wav",
        "#EXTINF:3,long",
        "#EXTVLCOPT:start-time=2.000",
        "#EXTVLCOPT:stop-time=5.000",
        "/a/long.wav",
    ]
