import csv
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from timbrespace.embeddings import embeddings_table, encoder_of, vectors_of, write_embeddings
from timbrespace.errors import InputError
from timbrespace.evaluation.foreign import read_any_embeddings
from timbrespace.manifest import manifest_from_rows

VECTORS = np.array([[1.5, 0.0, -2.0], [0.25, 4.0, 8.0]])
COLUMNS = {"id": ["007", "b"], "instrument": ["oboe", "harp"], "pitch_midi": [60, None]}


def write_parquet(path, columns, vectors):
    pq.write_table(pa.table({**columns, "embedding": list(vectors)}), path)


def write_npz(path, columns, vectors):
    arrays = {
        name: np.array([np.nan if value is None else value for value in values])
        for name, values in columns.items()
    }
    np.savez(path, embeddings=vectors, **arrays)


def write_csv(path, columns, vectors):
    numbered = {f"e{k}": column for k, column in enumerate(np.transpose(vectors))}
    rows = zip(*columns.values(), *numbered.values(), strict=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*columns, *numbered], *rows])


WRITERS = {".parquet": write_parquet, ".npz": write_npz, ".csv": write_csv}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path):
    def write(columns, vectors):
        path = tmp_path / f"theirs{request.param}"
        WRITERS[request.param](path, columns, vectors)
        return path

    return write


def test_every_kind_of_file_gives_the_same_table(written):
    table = read_any_embeddings(written(COLUMNS, VECTORS))
    np.testing.assert_array_equal(vectors_of(table), VECTORS.astype(np.float32))
    assert {name: table[name].to_pylist() for name in COLUMNS} == COLUMNS
    assert table["path"].to_pylist() == ["007", "b"]
    assert table["family"].to_pylist() == [None, None]
    assert encoder_of(table) == ("", "")


def test_empty_text_is_unknown(written):
    table = read_any_embeddings(written({**COLUMNS, "instrument": ["", "harp"]}, VECTORS))
    assert table["instrument"].to_pylist() == [None, "harp"]


def test_paths_are_kept_and_strange_columns_left_out(written):
    columns = {**COLUMNS, "path": ["a.wav", ""], "mood": ["sad", "gay"]}
    table = read_any_embeddings(written(columns, VECTORS))
    assert table["path"].to_pylist() == ["a.wav", "b"]
    assert "mood" not in table.column_names


def test_our_own_tables_come_back_whole(tmp_path):
    manifest = manifest_from_rows([{"id": "a", "path": "a.wav"}, {"id": "b", "path": "b.wav"}])
    table = embeddings_table(manifest, VECTORS, encoder_name="small", encoder_hash="12ab")
    write_embeddings(table, tmp_path / "ours.parquet")
    again = read_any_embeddings(tmp_path / "ours.parquet")
    assert again.equals(table, check_metadata=True)


def test_vectors_of_a_csv_may_lie_beside_it(tmp_path):
    (tmp_path / "theirs.csv").write_text("id,instrument\na,oboe\nb,harp\n", encoding="utf-8")
    np.save(tmp_path / "theirs.npy", VECTORS)
    table = read_any_embeddings(tmp_path / "theirs.csv")
    np.testing.assert_array_equal(vectors_of(table), VECTORS.astype(np.float32))


def test_whole_numbers_written_with_a_point_are_pitches(tmp_path):
    (tmp_path / "t.csv").write_text("id,pitch_midi,e0\na,60.0,1\nb,,2\n", encoding="utf-8")
    assert read_any_embeddings(tmp_path / "t.csv")["pitch_midi"].to_pylist() == [60, None]


@pytest.mark.parametrize(
    ("changed", "vectors", "message"),
    [
        ({"id": ["a", "a"]}, VECTORS, r"1 ids stand more than once.*'a'"),
        ({"id": ["a", ""]}, VECTORS, "'id' has 1 empty"),
        ({"family": ["reed", "woodwind"]}, VECTORS, r"'family' has \['woodwind'\]"),
        ({"pitch_midi": ["C4", "D4"]}, VECTORS, "'pitch_midi' must hold int32"),
        ({}, VECTORS * [[1], [0]], r"all zero, first ids \['b'\]"),
        ({}, VECTORS + [[np.nan, 0, 0], [0, 0, 0]], r"not finite .*first ids \['007'\]"),
        ({}, VECTORS + [[np.inf, 0, 0], [0, 0, 0]], r"not finite .*first ids \['007'\]"),
    ],
    ids=["twice", "no id", "family", "pitch", "zero", "NaN", "infinite"],
)
def test_faults_are_named_with_the_file(written, changed, vectors, message):
    path = written({**COLUMNS, **changed}, vectors)
    with pytest.raises(InputError, match=rf"theirs\.\w+: .*{message}"):
        read_any_embeddings(path)


def test_a_missing_id_column_is_named(written):
    with pytest.raises(InputError, match=r"no column 'id'.*instrument"):
        read_any_embeddings(written({"instrument": ["oboe", "harp"]}, VECTORS))


def test_a_file_without_rows_is_refused(tmp_path):
    np.savez(tmp_path / "t.npz", embeddings=np.zeros((0, 3)), id=np.array([], dtype=str))
    with pytest.raises(InputError, match="no rows"):
        read_any_embeddings(tmp_path / "t.npz")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"id": ["a", "b"]}, r"no array 'embeddings'.*\['id'\]"),
        ({"embeddings": [1.0, 2.0], "id": ["a", "b"]}, r"\(rows, dimensions\).*\(2,\)"),
        ({"embeddings": [["x"], ["y"]], "id": ["a", "b"]}, "must be numbers"),
        ({"embeddings": VECTORS > 0, "id": ["a", "b"]}, "must be numbers"),
        ({"embeddings": VECTORS * 1j, "id": ["a", "b"]}, "must be numbers"),
        ({"embeddings": VECTORS, "id": ["a", "b", "c"]}, r"'id' has shape \(3,\).*2 rows"),
        ({"embeddings": VECTORS, "id": np.array(["a", 1], dtype=object)}, "dtype=str"),
    ],
    ids=["no vectors", "one row", "text", "true", "complex", "rows", "pickled"],
)
def test_faults_of_arrays_are_named(tmp_path, arrays, message):
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(InputError, match=rf"t\.npz: .*{message}"):
        read_any_embeddings(tmp_path / "t.npz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,e0,e2\na,1,2\n", r"\['e1'\] missing"),
        ("id,e0\na,high\n", "'e0' must hold numbers"),
        ("id,e0,e1\na,1,\n", "not finite"),
        ("id,e0\na,true\n", "'e0' must hold numbers, it holds bool"),
        ("id,e0\na,2026-01-01\n", "'e0' must hold numbers, it holds date"),
        ("id,instrument\na,oboe\n", r"e0, e1, … or a file t\.npy"),
        ("id,e0\na\n", "not a readable CSV"),
    ],
    ids=["gap", "text", "empty cell", "true", "date", "no vectors", "ragged"],
)
def test_faults_of_csv_files_are_named(tmp_path, text, message):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"t\.csv: .*{message}"):
        read_any_embeddings(tmp_path / "t.csv")


def test_an_array_beside_a_csv_needs_its_rows(tmp_path):
    (tmp_path / "t.csv").write_text("id\na\n", encoding="utf-8")
    np.save(tmp_path / "t.npy", VECTORS)
    with pytest.raises(InputError, match=r"1 rows.*\(2, 3\)"):
        read_any_embeddings(tmp_path / "t.csv")


def test_parquet_vectors_need_their_column_and_one_length(tmp_path):
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"t\.parquet: no column 'embedding'.*'id'"):
        read_any_embeddings(tmp_path / "t.parquet")
    ragged = pa.table({"id": ["a", "b"], "embedding": [[1.0], [1.0, 2.0]]})
    pq.write_table(ragged, tmp_path / "t.parquet")
    with pytest.raises(InputError, match="same length"):
        read_any_embeddings(tmp_path / "t.parquet")


@pytest.mark.parametrize("suffix", WRITERS)
def test_files_that_are_something_else_are_refused(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    path.write_bytes(b"\x00\xff\xfe not a table")
    with pytest.raises(InputError, match=rf"t\{suffix}: "):
        read_any_embeddings(path)


def test_absent_files_and_other_kinds_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"absent\.npz: no such file"):
        read_any_embeddings(tmp_path / "absent.npz")
    with pytest.raises(InputError, match=r"t\.pkl: .*\.parquet, \.npz, \.csv"):
        read_any_embeddings(tmp_path / "t.pkl")


@pytest.mark.parametrize(
    "embedding",
    [["oboe", "harp"], [[True], [False]], [["1"], ["2"]], [[[1.0]], [[2.0]]]],
    ids=["text", "true", "lists of text", "lists of lists"],
)
def test_parquet_vectors_are_lists_of_numbers(tmp_path, embedding):
    pq.write_table(pa.table({"id": ["a", "b"], "embedding": embedding}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="must hold lists of numbers"):
        read_any_embeddings(tmp_path / "t.parquet")


@pytest.mark.parametrize("archive", [True, False], ids=[".npz", ".npy"])
def test_an_array_that_says_it_is_longer_than_its_file_is_refused(tmp_path, archive):
    with (tmp_path / "t.npy").open("wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**12, 512)}
        np.lib.format.write_array_header_1_0(file, header)
    (tmp_path / "t.csv").write_text("id\na\n", encoding="utf-8")
    with ZipFile(tmp_path / "t.npz", "w") as zipped:
        zipped.write(tmp_path / "t.npy", "embeddings.npy")
    with pytest.raises(InputError, match="says its shape is"):
        read_any_embeddings(tmp_path / ("t.npz" if archive else "t.csv"))


def test_an_array_of_an_unknown_version_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("id\na\n", encoding="utf-8")
    (tmp_path / "t.npy").write_bytes(np.lib.format.magic(3, 0))
    with pytest.raises(InputError, match="unknown version"):
        read_any_embeddings(tmp_path / "t.csv")
