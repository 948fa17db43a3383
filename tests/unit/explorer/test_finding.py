import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from timbrespace.library import Library
from timbrespace.library.query import ASPECTS, Query

_VECTOR = base64.b64encode(np.ones(8, "<f4").tobytes()).decode()


def search(client, **asked):
    answer = client.post("/api/search", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["hits"]


def test_hits_are_those_of_the_library(client, shared_library, ids):
    hits = search(client, like=ids[:2], unlike=ids[-1:], n=5, weights={"timbre": 2, "pitch": 1})
    query = Query(like=ids[:2], unlike=ids[-1:], weights={"timbre": 2, "pitch": 1})
    with Library.open(shared_library, writable=False) as library:
        found = library.search(query, 5)
    assert [hit["id"] for hit in hits] == found["id"].to_pylist()
    assert [ids[hit["row"]] for hit in hits] == found["id"].to_pylist()
    assert [hit["score"] for hit in hits] == pytest.approx(found["score"].to_pylist())
    assert hits[0]["aspects"]["pitch"] == pytest.approx(found["pitch"][0].as_py())


def test_a_vector_can_be_liked(client, shared_library, ids):
    with Library.open(shared_library, writable=False) as library:
        slot = library.rows(["slot"], where=("id = ?", [ids[7]]))["slot"][0].as_py()
        vector = np.asarray(library.vectors[slot], "<f4")
    hits = search(client, vector=base64.b64encode(vector.tobytes()).decode(), n=1)
    assert hits[0]["id"] == ids[7]


def test_a_dropped_copy_is_like_its_original_in_every_aspect(client, tone_manifest):
    copy = Path(tone_manifest["path"][7].as_py())
    told = client.post("/api/place", content=copy.read_bytes()).json()
    assert told["pitch_midi"] == pytest.approx(62, abs=0.1)
    example = {name: told[name] for name in ("vector", "pitch_midi", "brightness_hz", "envelope")}
    original = search(client, **example, weights=dict.fromkeys(ASPECTS, 1), n=1)[0]
    assert told["hits"][0] == search(client, **example, n=1)[0]
    for hit in (original, told["hits"][0]):
        assert client.get(f"/api/sounds/{hit['id']}").json()["path"].endswith(copy.name)
        assert hit["aspects"] == pytest.approx(dict.fromkeys(ASPECTS, 1), abs=1e-3)  # float16


def test_a_sound_from_outside_is_found_by_its_pitch(client):
    hits = search(client, vector=_VECTOR, pitch_midi=60, weights={"pitch": 1}, n=6)
    pitches = [client.get(f"/api/sounds/{hit['id']}").json()["pitch_midi"] for hit in hits]
    assert pitches == pytest.approx([60] * 6, abs=0.1)


def test_filters_narrow(client):
    hits = search(client, only={"instrument": ["tone-3"]}, ranges={"pitch_midi": [None, 200]}, n=99)
    assert 0 < len(hits) <= 12
    assert hits[0]["score"] is None
    assert search(client, words="stereo")[0]["row"] >= 0
    assert search(client, tags=["never given"]) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"like": [10**6]},
        {"like": ["/etc/passwd"]},
        {"vector": "AAAA"},
        {"vector": "!"},
        {"vector": base64.b64encode(bytes(32)).decode()},
        {"pitch_midi": 60},
        {"vector": _VECTOR, "pitch_midi": 129},
        {"vector": _VECTOR, "brightness_hz": -1},
        {"vector": _VECTOR, "brightness_hz": "inf"},
        {"vector": _VECTOR, "envelope": [0] * 63},
        {"vector": _VECTOR, "envelope": [256] * 64},
        {"ranges": {"path": [0, 1]}},
        {"ranges": {"pitch_midi": [2, 1]}},
        {"n": 0},
        {"weights": {"loudness": 1}},
        {"weights": {"timbre": -1}},
        {"lik": [1]},
    ],
)
def test_what_cannot_be_searched_is_said_in_one_line(client, asked):
    answer = client.post("/api/search", json=asked)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_one_bad_query_does_not_spoil_those_that_come_with_it(client, ids):
    def ask(number):
        return client.post("/api/search", json={"like": [number], "n": 3}).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(ask, [*ids[:20], 10**6, *ids[20:40]]))
    assert statuses == [200] * 20 + [422] + [200] * 20


def test_verification_accepts_its_own_instrument(client, ids):
    own = [number for number in ids if _instrument(client, number) == "tone-0"]
    others = [number for number in ids if _instrument(client, number) == "tone-5"]
    asked = {"enrolment": own[:4], "test": [*own[4:6], *others[:2]]}
    told = client.post("/api/verify", json=asked).json()
    assert min(told["scores"][:2]) > max(told["scores"][2:])
    assert told["accepted"] == [score >= told["threshold"] for score in told["scores"]]
    assert 0 <= told["eer"] < 0.5
    assert told["n_instruments"] == 6


def test_verification_says_what_it_lacks(client, ids):
    asked = {"enrolment": [10**6], "test": ids[:1]}
    assert client.post("/api/verify", json=asked).status_code == 404
    assert client.post("/api/verify", json={"enrolment": [], "test": ids}).status_code == 422


def _instrument(client, number):
    return client.get(f"/api/sounds/{number}").json()["instrument"]
