import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from timbrespace.embeddings import (
    check_embeddings,
    embeddings_table,
    encoder_of,
    read_embeddings,
    vectors_of,
    write_embeddings,
)
from timbrespace.errors import InputError
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def manifest():
    return manifest_from_rows([{"id": str(n), "path": f"{n}.wav"} for n in range(3)])


def table_of(manifest, vectors):
    return embeddings_table(manifest, vectors, encoder_name="toy", encoder_hash="abc")


def test_a_table_survives_the_disk(manifest, rng, tmp_path):
    vectors = rng.standard_normal((3, 5)).astype(np.float32)
    write_embeddings(table_of(manifest, vectors), tmp_path / "e.parquet")
    table = read_embeddings(tmp_path / "e.parquet")
    np.testing.assert_array_equal(vectors_of(table), vectors)
    assert encoder_of(table) == ("toy", "abc")
    assert table["id"].to_pylist() == ["0", "1", "2"]


def test_a_table_of_someone_else_is_read(tmp_path):
    """Plain lists of doubles, in row groups, without our metadata."""
    theirs = pa.table({"id": ["a", "b"], "path": ["a", "b"], "embedding": [[1.0, 2.0], [3.0, 4.0]]})
    pq.write_table(theirs, tmp_path / "t.parquet", row_group_size=1)
    table = read_embeddings(tmp_path / "t.parquet")
    np.testing.assert_array_equal(vectors_of(table), np.float32([[1, 2], [3, 4]]))
    assert encoder_of(table) == ("", "")


def test_slices_keep_their_own_vectors(manifest):
    table = table_of(manifest, np.eye(3, 4))
    np.testing.assert_array_equal(vectors_of(table.slice(1, 1)), [[0, 1, 0, 0]])
    np.testing.assert_array_equal(vectors_of(table.slice(1)), np.eye(3, 4)[1:])
    assert vectors_of(table.slice(3)).shape == (0, 4)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (np.ones((2, 4)), r"with 3 rows.*got shape \(2, 4\)"),
        (np.ones(3), r"got shape \(3,\)"),
        (np.ones((3, 0)), r"got shape \(3, 0\)"),
        (
            [[1, 1], [np.nan, 1], [1, 1]],
            r"1 embeddings are not finite or all zero, first ids \['1'",
        ),
        ([[1, 1], [1, np.inf], [1, 1]], "not finite"),
        ([[1, 1], [1, 1], [0, 0]], r"first ids \['2'"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(manifest, vectors, message):
    with pytest.raises(InputError, match=message):
        table_of(manifest, vectors)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([[1.0, 2.0], [3.0], [1.0, 1.0]], "must all have the same length"),
        ([[1.0], None, [1.0]], "must all have the same length"),
        ([1.0, 2.0, 3.0], "must hold lists of numbers"),
    ],
)
def test_columns_that_are_no_matrix_are_refused(manifest, column, message):
    with pytest.raises(InputError, match=message):
        check_embeddings(manifest.append_column("embedding", pa.array(column)))


def test_a_table_without_embeddings_is_refused(manifest, tmp_path):
    with pytest.raises(InputError, match="needs a column 'embedding'"):
        check_embeddings(manifest)
    pq.write_table(manifest, tmp_path / "m.parquet")
    with pytest.raises(InputError, match=r"m\.parquet: no column 'embedding'"):
        read_embeddings(tmp_path / "m.parquet")


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([["x"]], "real numbers"),
        ([[True]], "real numbers"),
        ([[1j]], "real numbers"),
        ([[1.0], [1.0, 2.0]], "same length"),
        ([[1e300]], "not finite"),
    ],
)
def test_vectors_hold_real_numbers(vectors, message):
    rows = [{"id": str(k), "path": "x"} for k in range(len(vectors))]
    with pytest.raises(InputError, match=message):
        embeddings_table(manifest_from_rows(rows), vectors, encoder_name="", encoder_hash="")
