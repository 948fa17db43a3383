import io
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.explorer.audio_files import byte_range
from timbrespace.library import Library


def audio(client, number, **headers):
    return client.get(f"/api/sounds/{number}/audio", headers=headers)


def sound_named(client, ids, end):
    found = [client.get(f"/api/sounds/{number}").json() for number in ids]
    return next(sound for sound in found if sound["path"].endswith(end))


def test_everything_of_a_sound_is_told(client, ids):
    sound = client.get(f"/api/sounds/{ids[0]}").json()
    assert sound["instrument"] == "tone-0"
    assert len(sound["waveform"]) == 256
    assert sound["tags"] == sound["nearest"] == []
    assert sound["favourite"] is False
    assert sound["sample_rate_hz"] == 16_000


def test_a_file_that_browsers_play_is_sent_as_it_is(client, ids):
    path = Path(client.get(f"/api/sounds/{ids[0]}").json()["path"])
    answer = audio(client, ids[0])
    assert answer.content == path.read_bytes()
    assert answer.headers["content-type"] == "audio/wav"
    assert int(answer.headers["content-length"]) == path.stat().st_size


def test_ranges_and_head(client, ids):
    whole = audio(client, ids[0]).content
    part = audio(client, ids[0], range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert audio(client, ids[0], range="bytes=-7").content == whole[-7:]
    assert audio(client, ids[0], range="bytes=1-2,5-6").content == whole
    beyond = audio(client, ids[0], range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    head = client.head(f"/api/sounds/{ids[0]}/audio")
    assert (head.content, int(head.headers["content-length"])) == (b"", len(whole))


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=2-1", "bytes=x-", "lines=0-1", ""])
def test_a_range_that_cannot_be_read_asks_for_all(asked):
    assert byte_range(asked, 100) is None


def test_aiff_becomes_wav_and_any_range_of_it_is_the_same(client, ids):
    sound = sound_named(client, ids, ".aiff")
    answer = audio(client, sound["id"])
    assert answer.headers["content-type"] == "audio/wav"
    heard, rate = soundfile.read(io.BytesIO(answer.content))
    original, _ = soundfile.read(sound["path"])
    assert (rate, heard.shape) == (16_000, original.shape)
    np.testing.assert_allclose(heard, original, atol=2e-4)  # 16 bits: 32767 against 32768
    for first, last in ((0, 9), (40, 60), (44, 44), (1001, 30_000)):
        part = audio(client, sound["id"], range=f"bytes={first}-{last}")
        assert part.content == answer.content[first : last + 1]


def test_a_slice_is_cut_out(sounds, toy_encoder, tmp_path, serve):
    time_s = np.arange(16_000) / 16_000
    hits = np.sin(2 * np.pi * 440 * time_s) * np.exp(-12 * time_s)
    (tmp_path / "loops").mkdir()
    soundfile.write(tmp_path / "loops" / "loop.wav", np.tile(hits, 3), 16_000)
    with Library.open(tmp_path / "library") as library:
        library.add([tmp_path / "loops"], str(toy_encoder), slices=True)
        rows = library.rows(["id", "start_s", "duration_s"]).to_pylist()
    assert len(rows) >= 3
    client = serve(tmp_path / "library")
    heard, rate = soundfile.read(io.BytesIO(audio(client, rows[1]["id"]).content))
    assert len(heard) == pytest.approx(rows[1]["duration_s"] * rate, abs=2)
    first = round(rows[1]["start_s"] * rate)
    np.testing.assert_allclose(heard, np.tile(hits, 3)[first : first + len(heard)], atol=2e-4)
    assert client.get("/api/names").json()["names"][1].startswith("loop ")


@pytest.fixture
def movable(tmp_path, toy_encoder, tone_manifest, serve):
    """A client of a library of one file, the file, and the sound's id."""
    path = tmp_path / "sounds" / "a.wav"
    path.parent.mkdir()
    path.write_bytes(Path(tone_manifest["path"][0].as_py()).read_bytes())
    with Library.open(tmp_path / "library") as library:
        library.add([path.parent], str(toy_encoder))
        (number,) = library.rows(["id"])["id"].to_pylist()
    return serve(tmp_path / "library"), path, number


def test_a_link_out_of_the_library_is_refused(movable, tmp_path):
    client, path, number = movable
    assert audio(client, number).status_code == 200
    path.replace(tmp_path / "outside.wav")
    path.symlink_to(tmp_path / "outside.wav")
    answer = audio(client, number)
    assert answer.status_code == 404
    assert "leads out of the library" in answer.json()["detail"]
    assert str(tmp_path) not in answer.json()["detail"]


def test_what_is_gone_or_no_file_is_refused(movable):
    client, path, number = movable
    path.unlink()
    assert audio(client, number).status_code == 404
    os.mkfifo(path)
    assert audio(client, number).status_code == 404  # and does not wait for a writer


@pytest.mark.parametrize(
    "path",
    [
        "/api/sounds/../../etc/passwd/audio",
        "/api/sounds/%2e%2e%2f%2e%2e%2fetc%2fpasswd/audio",
        "/api/sounds/-1/audio",
        "/api/sounds/4294967296",
        "/api/sounds/999999/audio",
        "/..%2f..%2fpyproject.toml",
        "/%2e%2e/app.py",
        "/app.py",
        "/static/index.html",
    ],
)
def test_nothing_but_the_catalogue_is_served(client, path):
    answer = client.get(path)
    assert answer.status_code in (404, 422)
    assert "detail" in answer.json()
