import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.robustness import QUESTIONS, search_all
from timbrespace.evaluation.silhouette import silhouette
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def rows(rng):
    """Notes of eight instruments by two makers, with some labels missing."""
    return [
        {
            "id": str(k),
            "path": "x",
            "instrument": f"{('harp', 'lute', 'oboe', 'horn')[k % 4]}-{k // 4 % 2 + 1}",
            "kind": ("harp", "lute", "oboe", "horn")[k % 4],
            "family": ("string", "string", "reed", None)[k % 4],
            "pitch_midi": int(rng.integers(48, 84)) if k % 11 else None,
            "velocity": (50, 100, None)[k % 3],
            "dynamics": "forte" if k % 5 else None,
            "technique": ("normal", None)[k // 8 % 2],
            "maker": f"variation-{k // 4 % 2 + 1}",
        }
        for k in range(160)
    ]


@pytest.fixture
def vectors(rng):
    centres = rng.standard_normal((8, 6))
    return centres[np.arange(160) % 8] + rng.standard_normal((160, 6))


def loudness(row):
    return str(row["velocity"]) if row["velocity"] is not None else row["dynamics"]


def relation(name, query, other):
    """True: a right answer, False: a wrong one, None: not ranked."""
    if name == "family":
        same, right = (
            (query["family"] == other["family"]),
            query["instrument"] != other["instrument"],
        )
    elif name == "maker":
        same, right = query["kind"] == other["kind"], query["maker"] != other["maker"]
    else:
        same = query["instrument"] == other["instrument"]
        right = name == "instrument"
    if name == "octave":
        right = abs(query["pitch_midi"] - other["pitch_midi"]) in (12, 24)
    if name == "loudness":
        alike = all(query[column] == other[column] for column in ("pitch_midi", "technique"))
        right = alike and loudness(query) != loudness(other)
    return (True if right else None) if same else False


NEEDED = {"family": ["family"], "octave": ["pitch_midi"], "loudness": ["pitch_midi"]}


def by_brute_force(name, rows, vectors):
    """Recall at 1 and 5, mean average precision, chance, one pair at a time."""
    taking_part = [
        k
        for k, row in enumerate(rows)
        if all(row[column] is not None for column in NEEDED.get(name, []))
        and not (name == "loudness" and loudness(row) is None)
    ]
    hits, precisions, shares = [], [], []
    for k in taking_part:
        others = [j for j in taking_part if j != k]
        ranked = [(relation(name, rows[k], rows[j]), vectors[j]) for j in others]
        ranked = [(right, vector) for right, vector in ranked if right is not None]
        right = np.array([entry[0] for entry in ranked])
        if not right.any():
            continue
        score = np.array([v @ vectors[k] / np.linalg.norm(v) for _, v in ranked])
        order = right[np.argsort(-score)]
        hits.append([order[:1].any(), order[:5].any()])
        precisions.append(average_precision_score(right, score))
        shares.append(right.mean())
    return np.mean(hits, axis=0), np.mean(precisions), np.mean(shares), len(hits), len(taking_part)


@pytest.mark.parametrize("name", QUESTIONS)
def test_searches_agree_with_brute_force(name, rows, vectors):
    found = search_all(vectors, manifest_from_rows(rows), ks=(1, 5)).found[name]
    recall, precision, chance, n_queries, n_sounds = by_brute_force(name, rows, vectors)
    assert [found.recall[1], found.recall[5]] == pytest.approx(recall)
    assert found.mean_average_precision == pytest.approx(precision, abs=1e-6)  # float32 cosines
    assert found.chance == pytest.approx(chance)
    assert (found.n_queries, found.n_sounds) == (n_queries, n_sounds)


def test_silhouettes_are_of_sounds_with_the_label(rows, vectors):
    known = [k for k, row in enumerate(rows) if row["family"]]
    found = search_all(vectors, manifest_from_rows(rows)).silhouettes
    assert found["family"] == pytest.approx(
        silhouette(vectors[known], [rows[k]["family"] for k in known])
    )
    assert found["instrument"] == pytest.approx(
        silhouette(vectors, [row["instrument"] for row in rows])
    )


def test_constant_vectors_find_nothing_first(rows):
    """All are equally alike, and ties count against the query."""
    result = search_all(np.ones((160, 3)), manifest_from_rows(rows), ks=(1,))
    assert all(found.recall == {1: 0} for found in result.found.values())
    for found in result.found.values():
        assert found.mean_average_precision == pytest.approx(found.chance)


def test_searches_that_the_table_does_not_allow_say_why(rows, vectors):
    columns = ("id", "path", "instrument", "family")
    table = manifest_from_rows([{name: row[name] for name in columns} for row in rows])
    result = search_all(vectors, table)
    assert set(result.found) == {"instrument", "family"}
    assert result.skipped["octave"] == "no sound has instrument and pitch_midi"
    alone = [{**row, "family": "reed"} for row in rows[::8]]
    result = search_all(vectors[::8], manifest_from_rows(alone))
    assert "no two sounds belong together" in result.skipped["family"]
    assert result.silhouettes == {}


def test_a_recording_that_two_makers_share_is_no_answer_by_another_maker(rng):
    """Three makers' oboes, of which two are one recording: it is found by the third one only."""
    oboes = [("a", "first"), ("a", "second"), ("b", "third")]
    rows = [
        {"id": str(k), "path": "x", "kind": "oboe", "instrument": instrument, "maker": maker}
        for k, (instrument, maker) in enumerate(oboes)
    ]
    rows.append({"id": "3", "path": "x", "kind": "horn", "instrument": "c", "maker": "first"})
    vectors = [[1.0, 0.0], [1.0, 0.0], [0.8, 0.6], [0.0, 1.0]]
    found = search_all(vectors, manifest_from_rows(rows), ks=(1,)).found["maker"]
    assert (found.n_queries, found.recall) == (3, {1: 1.0})


def test_makers_are_compared_only_where_the_kind_is_known(rows, vectors):
    unknown = [{**row, "kind": None} for row in rows]
    result = search_all(vectors, manifest_from_rows(unknown))
    assert result.skipped == {"maker": "no sound has kind and maker and instrument"}


def test_unusable_input_is_refused(rows, vectors):
    table = manifest_from_rows(rows)
    with pytest.raises(InputError, match="160 rows need as many vectors; got 159"):
        search_all(vectors[1:], table)
    with pytest.raises(InputError, match="all zero"):
        search_all(vectors * 0, table)
    with pytest.raises(ConfigError, match="at least 1"):
        search_all(vectors, table, ks=(0, 1))
    with pytest.raises(InputError, match=r"no search can be made .*instrument: no sound has"):
        search_all(vectors[:1], manifest_from_rows([{"id": "a", "path": "a"}]))
    with pytest.raises(InputError, match="not empty"):
        search_all(vectors[:0], table.slice(0, 0))
