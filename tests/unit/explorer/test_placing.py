import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.errors import AudioError
from timbrespace.explorer.placing import BusyError, Placer


@pytest.fixture(scope="module")
def placer(shared_library):
    """A process that hears; each test leaves it alive or dead, the next one finds it working."""
    placer = Placer(shared_library, longest_s=20, most_bytes=64 << 20)
    yield placer
    placer.close()


@pytest.fixture(scope="module")
def tone(tone_manifest):
    return Path(tone_manifest["path"][1].as_py())


def test_a_dropped_sound_is_heard_and_found(own, tone, ids):
    answer = own.post("/api/place", content=tone.read_bytes())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["hits"][0]["score"] == pytest.approx(1, abs=1e-3)
    assert own.get(f"/api/sounds/{told['hits'][0]['id']}").json()["path"].endswith("0-50.wav")
    places = np.frombuffer(own.get("/api/projections/pca3").content, "<f4").reshape(-1, 3)
    row = told["hits"][0]["row"]
    np.testing.assert_allclose(told["positions"]["pca3"], places[row], atol=0.02)
    assert len(told["waveform"]) == 256
    again = own.post("/api/search", json={"vector": told["vector"], "n": 1}).json()
    assert again["hits"][0]["id"] == told["hits"][0]["id"]
    for rubbish in (b"rubbish", b"RIFF\xff\xff\xff\xffWAVEfmt ", bytes(1000)):
        refused = own.post("/api/place", content=rubbish)
        assert refused.status_code == 415
        assert "/tmp" not in refused.json()["detail"]
    assert own.post("/api/place", content=b"").status_code == 422


def test_a_sound_that_takes_too_much_memory_is_refused(shared_library, tone, tmp_path, rng):
    long = tmp_path / "long.wav"
    soundfile.write(long, rng.uniform(-0.5, 0.5, 4_000_000), 200_000)  # 16 MB as float32
    with closing(Placer(shared_library, longest_s=20, most_bytes=16 << 20)) as placer:
        placer.hear(tone)
        before = placer.pid
        with pytest.raises(AudioError, match="memory"):
            placer.hear(long)
        assert placer.hear(tone)["duration_s"] == pytest.approx(0.5)
        assert placer.pid == before


def test_many_channels_take_no_more_memory_than_few(placer, tmp_path):
    bomb = tmp_path / "bomb.wav"
    soundfile.write(bomb, np.zeros((20_000, 1000), np.int16), 16_000)  # 80 MB as float32
    with pytest.raises(AudioError, match="silent"):
        placer.hear(bomb)


def test_an_hour_of_silence_in_a_few_bytes_is_refused(placer, tmp_path):
    bomb = tmp_path / "bomb.flac"
    with soundfile.SoundFile(bomb, "w", 16_000, 1) as file:
        for _ in range(60):
            file.write(np.zeros(60 * 16_000, np.int16))
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(AudioError, match="silent"):
        placer.hear(bomb)


def test_a_process_that_dies_on_a_sound_is_started_again(placer, tone):
    placer.hear(tone)
    victim = placer.pid
    os.kill(victim, signal.SIGSTOP)  # so that the sound is surely not heard yet
    threading.Timer(0.2, os.kill, (victim, signal.SIGKILL)).start()
    with pytest.raises(AudioError, match="broke the decoder"):
        placer.hear(tone)
    assert placer.hear(tone)["vector"]
    assert placer.pid != victim


def test_a_sound_that_takes_too_long_is_given_up_and_others_do_not_wait_forever(
    placer, tone, monkeypatch
):
    placer.hear(tone)
    monkeypatch.setattr(placer, "_longest_s", 0.5)
    os.kill(placer.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(12) as pool:
        start = time.monotonic()
        asked = [pool.submit(placer.hear, tone) for _ in range(12)]
        faults = [future.exception() for future in asked]
    refused = [fault for fault in faults if isinstance(fault, BusyError)]
    assert len(refused) == 4
    assert time.monotonic() - start < 60
    assert any("over 0.5 s" in str(fault) for fault in faults)
    assert sum(fault is None for fault in faults) >= 5
