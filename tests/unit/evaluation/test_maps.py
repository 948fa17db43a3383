import numpy as np
import pyarrow as pa
import pytest
from sklearn.manifold import trustworthiness
from sklearn.metrics import silhouette_score

from timbrespace.embeddings import embeddings_table, vectors_of
from timbrespace.errors import InputError
from timbrespace.evaluation.maps import coordinates_table, rows_at_pitch, sound_map
from timbrespace.evaluation.vectors import unit_vectors
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def table(rng):
    families = [("reed", "brass", None)[k % 3] for k in range(24)]
    rows = [
        {"id": f"{k:02}", "path": "x.wav", "family": family, "pitch_midi": 48 + 12 * (k % 2)}
        for k, family in enumerate(families)
    ]
    vectors = rng.standard_normal((24, 5))
    return embeddings_table(manifest_from_rows(rows), vectors, encoder_name="toy", encoder_hash="")


def test_the_numbers_beside_a_map_are_scikit_learns(table):
    found = sound_map(table, method="pca")
    unit = unit_vectors(vectors_of(table))
    known = np.array([family is not None for family in table["family"].to_pylist()])
    families = np.array(table["family"].to_pylist())[known].astype(str)
    ours = (found.trustworthiness, found.continuity, found.silhouette)
    theirs = (
        trustworthiness(unit, found.coordinates, n_neighbors=10),
        trustworthiness(found.coordinates, unit, n_neighbors=10),
        silhouette_score(unit[known], families, metric="cosine"),
    )
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert found.neighbours == 10


def test_few_sounds_are_judged_by_what_neighbours_there_are(table):
    found = sound_map(table.slice(0, 5), method="pca")
    assert found.neighbours == 2
    assert 0 <= found.trustworthiness <= 1


def test_one_family_has_no_silhouette(table):
    reeds = table.filter(pa.array([k % 3 == 0 for k in range(24)]))
    assert sound_map(reeds, method="pca").silhouette is None


def test_a_record_holds_no_coordinates(table):
    record = sound_map(table, method="pca", seed=5).as_record()
    assert record["method"] == "pca"
    assert record["seed"] == 5
    assert "coordinates" not in record


def test_coordinates_are_written_for_each_system_and_sound(table):
    found = sound_map(table, method="pca")
    written = coordinates_table(table, {"a": found, "b": found})
    assert written.num_rows == 48
    assert written["system"].to_pylist() == ["a"] * 24 + ["b"] * 24
    np.testing.assert_array_equal(written["y"].to_numpy()[:24], found.coordinates[:, 1])
    assert "embedding" not in written.column_names


def test_rows_at_a_pitch(table):
    assert set(rows_at_pitch(table, 60)["pitch_midi"].to_pylist()) == {60}


def test_an_absent_pitch_names_its_neighbours(table):
    with pytest.raises(InputError, match=r"nearest are \[48, 60\]"):
        rows_at_pitch(table, 61)


def test_unknown_pitches_are_said_to_be(table):
    unknown = table.set_column(
        table.column_names.index("pitch_midi"), "pitch_midi", pa.nulls(24, pa.int32())
    )
    with pytest.raises(InputError, match="no pitch is known"):
        rows_at_pitch(unknown, 60)
