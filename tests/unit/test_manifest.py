import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from timbrespace.errors import InputError
from timbrespace.manifest import (
    MANIFEST_SCHEMA,
    check_manifest,
    manifest_from_rows,
    read_manifest,
    write_manifest,
    write_parquet,
)


def row(**values):
    return {"id": "a", "path": "a.wav"} | values


def test_what_is_left_out_is_null():
    manifest = manifest_from_rows([row(pitch_midi=60)])
    assert manifest.schema.equals(MANIFEST_SCHEMA)
    assert manifest.to_pylist()[0]["pitch_midi"] == 60
    assert manifest.to_pylist()[0]["family"] is None


def test_a_manifest_survives_the_disk(tmp_path):
    manifest = manifest_from_rows([row(labels=["oboe"], label_mask=[True]), row(id="b")])
    write_manifest(manifest, tmp_path / "deep" / "m.parquet")
    assert read_manifest(tmp_path / "deep" / "m.parquet").equals(manifest)


def test_columns_that_others_added_are_dropped():
    table = pa.table({"id": ["a"], "path": ["a.wav"], "mood": ["blue"], "velocity": [100]})
    assert check_manifest(table).column_names == MANIFEST_SCHEMA.names
    assert check_manifest(table)["velocity"].to_pylist() == [100]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(), row()], "1 ids stand more than once"),
        ([row(mood="blue")], r"unknown columns \['mood'\]"),
        ([row(path="caf\udce9.wav")], r"caf.udce9\.wav' is not UTF-8"),
        ([row(family="brasses")], r"'family' has \['brasses'\]; allowed are \['bass'"),
        ([row(source="analogue")], "'source' has"),
        ([row(split="dev")], "'split' has"),
        ([row(id=None)], "'id' has 1 empty rows"),
        (
            [row(instrument="x", split="train"), row(id="b", instrument="x", split="test")],
            r"1 instruments stand in more than one split: \['x'\]",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows, message):
    with pytest.raises(InputError, match=message):
        manifest_from_rows(rows)


def test_a_table_without_paths_is_refused():
    with pytest.raises(InputError, match=r"\['path'\] missing"):
        check_manifest(pa.table({"id": ["a"]}))


def test_a_missing_or_foreign_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_manifest(tmp_path / "m.parquet")
    (tmp_path / "m.parquet").write_text("not Parquet")
    with pytest.raises(InputError, match=r"m\.parquet: not a readable Parquet table"):
        read_manifest(tmp_path / "m.parquet")


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m.parquet"
    write_parquet(pa.table({"old": [1]}), path)

    def fail(table, target):
        target.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(pq, "write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        write_parquet(pa.table({"new": [1]}), path)
    assert pq.read_table(path).column_names == ["old"]
    assert [file.name for file in tmp_path.iterdir()] == ["m.parquet"]


def test_a_column_of_another_type_is_named():
    table = pa.table({"id": ["a"], "path": ["a.wav"], "labels": ["cello"]})
    with pytest.raises(InputError, match=r"column 'labels' must be of type list<.*, got string"):
        check_manifest(table)
