import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.library import search as module
from timbrespace.library.index import refresh
from timbrespace.library.query import Example, Query
from timbrespace.library.search import search, search_all
from timbrespace.library.tagging import tag

N = 3_000


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, clustered, drawn_library):
    """3,000 sounds in clusters, with drawn pitch, brightness, envelope and family."""
    rng = np.random.default_rng(3)
    return drawn_library(
        tmp_path_factory.mktemp("drawn"),
        clustered(rng, N),
        pitch_midi=rng.integers(30, 90, N).tolist(),
        brightness_hz=rng.uniform(100, 8_000, N).tolist(),
        envelope=[bytes(row) for row in rng.integers(0, 255, (N, 64), dtype=np.uint8)],
        family=rng.choice(["bass", "reed", "brass"], N).tolist(),
    )


@pytest.fixture
def query_vector(rng, clustered):
    return clustered(rng, 1)[0]


def exact(vectors, wanted):
    scores = vectors.astype(np.float64) @ wanted.astype(np.float16).astype(np.float64)
    return (np.argsort(-scores, kind="stable") + 1).tolist(), np.sort(scores)[::-1]


def test_the_nearest_come_first_with_their_cosines(drawn, query_vector):
    found = search(*drawn, Query(like=[query_vector]), 25)
    ids, scores = exact(drawn[1], query_vector)
    assert found["id"].to_pylist() == ids[:25]
    np.testing.assert_allclose(found["score"].to_numpy(), scores[:25], atol=1e-6)
    assert found["timbre"].equals(found["score"])


def test_a_sound_is_not_its_own_neighbour(drawn):
    found = search(*drawn, Query(like=[7]), 5)["id"].to_pylist()
    ids, _ = exact(drawn[1], drawn[1][6])
    assert found == [each for each in ids if each != 7][:5]


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"ranges": {"pitch": (40, 50)}}, lambda row: 40 <= row["pitch_midi"] <= 50),
        ({"only": {"family": {"bass", "reed"}}}, lambda row: row["family"] in {"bass", "reed"}),
        ({"ranges": {"brightness_hz": (100, 130)}}, lambda row: row["brightness_hz"] <= 130),
        ({"words": "99"}, lambda row: "99" in row["path"]),
    ],
)
def test_filters_leave_the_order_of_the_rest(drawn, query_vector, filters, keeps):
    whole = search(*drawn, Query(like=[query_vector]), N).to_pylist()
    assert len(whole) == N
    expected = [row["id"] for row in whole if keeps(row)][:20]
    found = search(*drawn, Query(like=[query_vector], **filters), 20)["id"].to_pylist()
    assert found == expected
    assert found


@pytest.mark.parametrize(
    "weights",
    [
        {"timbre": 1, "pitch": 0.2},
        {"timbre": 1, "pitch": 1, "envelope": 1, "brightness": 1},
        {"pitch": 1},
        {"brightness": 2, "envelope": 1},
    ],
)
def test_aspects_rank_as_if_every_sound_were_scored(drawn, weights, monkeypatch):
    query = Query(like=[7], weights=weights)
    quick = search(*drawn, query, 10)
    monkeypatch.setattr(module._Sought, "_counts", lambda self, n: [])  # all rows at once
    slow = search(*drawn, query, 10)
    assert quick["id"].equals(slow["id"])
    total = sum(weights.values())
    for row in quick.to_pylist():
        mean = sum(weight * row[name] for name, weight in weights.items()) / total
        assert row["score"] == pytest.approx(mean)


def test_few_candidates_grow_until_the_answer_is_certain(drawn, monkeypatch):
    whole = search(*drawn, Query(like=[7], weights={"timbre": 1, "pitch": 0.1}), 10)
    for name in ("_FIRST", "_FIRST_BY_ASPECTS"):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(module, "_GROWTH", 2)
    grown = search(*drawn, Query(like=[7], weights={"timbre": 1, "pitch": 0.1}), 10)
    assert grown["id"].equals(whole["id"])


def test_unlike_moves_away(drawn):
    plain = search(*drawn, Query(like=[7]), N)
    away = search(*drawn, Query(like=[7], unlike=[plain["id"][0].as_py()]), N)
    rank = away["id"].to_pylist()
    assert plain["id"][0].as_py() not in rank
    second = plain["id"][1].as_py()
    assert rank.index(second) >= 0
    assert away["score"][0].as_py() <= plain["score"][0].as_py() + 1


def test_many_queries_give_what_each_gives(drawn, rng, clustered):
    queries = [Query(like=[vector]) for vector in clustered(rng, 5)]
    queries += [Query(like=[3], weights={"pitch": 1, "timbre": 1}), Query(words="12")]
    together = search_all(*drawn, queries, 8)
    for query, found in zip(queries, together, strict=True):
        assert found["id"].equals(search(*drawn, query, 8)["id"])


def test_without_examples_sounds_come_as_they_were_added(drawn):
    found = search(*drawn, Query(only={"family": {"reed"}}), 10)
    assert found["id"].to_pylist() == sorted(found["id"].to_pylist())
    assert found["score"].null_count == 10


def test_an_example_from_elsewhere_brings_its_descriptors(drawn):
    row = search(*drawn, Query(ranges={"pitch": (60, 60)}), 1).to_pylist()[0]
    example = Example(vector=drawn[1][0].astype(np.float32), pitch_midi=row["pitch_midi"])
    found = search(*drawn, Query(like=[example], weights={"pitch": 1}), 5)
    assert set(found["pitch_midi"].to_pylist()) == {60}
    assert found["pitch"].to_pylist() == [1] * 5


def test_words_are_found_in_names_folders_tags_and_families(
    tmp_path, rng, clustered, drawn_library
):
    paths = [
        "/sounds/drummer/Kicks/Deep_808.wav",
        "/sounds/drummer/bells/100%_glass.wav",
        "/sounds/drummer/pads/warm.wav",
        "/top.wav",
    ]
    drawn = drawn_library(
        tmp_path, clustered(rng, 4), path=paths, family=["bass", "mallet", None, None]
    )
    tag(drawn[0], [3], add=["Rainy day"])

    def ids(words):
        return search(*drawn, Query(words=words))["id"].to_pylist()

    assert ids("kick") == [1]
    assert ids("deep kicks") == [1]
    assert ids("808 glass") == []
    assert ids("MALLET") == [2]
    assert ids('"rainy day"') == [3]
    assert ids("100%_") == [2]
    assert ids("drummer") == []  # a folder further up names no sound
    assert ids("top") == [4]
    assert ids("'; DROP TABLE sounds; --") == []
    assert search(*drawn, Query(tags=["Rainy day"]))["id"].to_pylist() == [3]


def test_slots_without_a_sound_are_passed_over(tmp_path, rng, clustered, drawn_library):
    catalogue, vectors = drawn_library(tmp_path, clustered(rng, 300))
    with catalogue.transaction():
        catalogue.execute("DELETE FROM sounds WHERE id <= 250")
        catalogue.execute("UPDATE files SET status = 'missing' WHERE id > 290")
    found = search(catalogue, vectors, Query(like=[vectors[0].astype(np.float32)]), 100)
    assert set(found["id"].to_pylist()) == set(range(251, 291))


def test_an_empty_library_finds_nothing(tmp_path, rng, drawn_library):
    catalogue, vectors = drawn_library(tmp_path, np.empty((0, 4), np.float32))
    assert search(catalogue, vectors, Query(like=[np.ones(4)])).num_rows == 0
    assert search(catalogue, vectors, Query(words="kick")).num_rows == 0


def test_wrong_queries_are_refused(drawn):
    with pytest.raises(InputError, match="has the id 99999"):
        search(*drawn, Query(like=[99_999]))
    with pytest.raises(InputError, match="dimensions"):
        search(*drawn, Query(like=[np.ones(3)]))
    with pytest.raises(ConfigError, match="n must be"):
        search(*drawn, Query(words="a"), 0)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory, clustered, drawn_library):
    rng = np.random.default_rng(5)
    catalogue, vectors = drawn_library(
        tmp_path_factory.mktemp("indexed"),
        clustered(rng, 6_000),
        family=rng.choice(["bass", "reed"], 6_000, p=[0.01, 0.99]).tolist(),
    )
    refresh(catalogue, vectors, least_sounds=1)
    return catalogue, vectors


def recall(drawn, queries, **filters):
    def found():
        return [set(row["id"].to_pylist()) for row in search_all(*drawn, queries, 10)]

    queries = [Query(like=[vector], **filters) for vector in queries]
    by_index = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "neighbours", lambda *arguments: None)
        exactly = found()
    return np.mean([len(one & other) / 10 for one, other in zip(by_index, exactly, strict=True)])


@pytest.mark.parametrize("filters", [{}, {"only": {"family": ["bass"]}}, {"words": "77"}])
def test_the_index_finds_what_exact_search_finds(indexed, rng, filters, clustered):
    assert recall(indexed, clustered(rng, 40), **filters) >= 0.95


def test_the_index_gives_exact_scores(indexed, query_vector):
    found = search(*indexed, Query(like=[query_vector]), 10)
    wanted = query_vector.astype(np.float16).astype(np.float64)
    expected = indexed[1][found["id"].to_numpy() - 1].astype(np.float64) @ wanted
    np.testing.assert_allclose(found["score"].to_numpy(), expected, atol=1e-6)
