import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from timbrespace.embeddings import encoder_of, read_embeddings, vectors_of
from timbrespace.errors import InputError
from timbrespace.library import Library, default_folder
from timbrespace.models import load_encoder, save_encoder


def test_the_export_equals_the_rows(filled, tmp_path):
    number = filled.rows(["id"])["id"][0].as_py()
    filled.tag([number], add=["warm", "mine"])
    out = tmp_path / "library.parquet"
    assert filled.export(out) == 12
    table, rows = pq.read_table(out), filled.rows()
    for name in set(rows.column_names) - {"id", "slot", "pitch_midi"}:
        assert table[name].to_pylist() == rows[name].to_pylist(), name
    assert table["id"].to_pylist() == list(map(str, rows["id"].to_pylist()))
    assert table["pitch_estimate_midi"].to_pylist() == rows["pitch_midi"].to_pylist()
    np.testing.assert_array_equal(vectors_of(table), filled.vectors[rows["slot"].to_numpy()])


def test_the_export_is_a_table_that_every_command_reads(filled, tmp_path):
    filled.export(tmp_path / "library.parquet")
    table = read_embeddings(tmp_path / "library.parquet")
    assert encoder_of(table) == (filled.encoder_name, filled.encoder_hash)
    assert set(table["instrument"].to_pylist()) == {"oboe", "flute"}


def test_only_sounds_can_be_exported_and_only_to_parquet(library, tmp_path):
    with pytest.raises(InputError, match="no sound to export"):
        library.export(tmp_path / "out.parquet")
    with pytest.raises(InputError, match=r"must end in \.parquet"):
        library.export(tmp_path / "out.csv")
    assert not list(tmp_path.glob("*out*"))


def test_rows_are_chosen_ordered_and_limited(filled):
    table = filled.rows(["path", "duration_s"], where=("instrument = ?", ["oboe"]), limit=4)
    assert (table.num_rows, table.column_names) == (4, ["path", "duration_s"])
    heights = filled.rows(["pitch_midi"], order="-pitch_midi")["pitch_midi"].to_pylist()
    assert heights == sorted(heights, reverse=True)
    assert filled.rows(where=("path = ?", ["nowhere"])).num_rows == 0
    for columns in (["path; DROP TABLE files"], []):
        with pytest.raises(InputError, match="columns of a library are"):
            filled.rows(columns)
    with pytest.raises(InputError, match="no such column"):
        filled.rows(where=("strange = 1", []))


def test_the_encoder_is_found_again_by_its_folder(tmp_path, sounds, encoder):
    save_encoder(encoder, tmp_path / "toy", name="toy")
    with Library.open(tmp_path / "library") as library:
        library.add([sounds], tmp_path / "toy")
    with Library.open(tmp_path / "library", writable=False) as library:
        assert library.encoder_name == "toy"
        path = sounds / "oboe" / "00.wav"
        expected = load_encoder(tmp_path / "toy").embed(path)[0]
        np.testing.assert_allclose(library.place(path), expected, atol=0.02)  # bfloat16


def test_an_encoder_that_is_not_where_it_was_is_told(tmp_path, sounds, encoder):
    save_encoder(encoder, tmp_path / "toy", name="toy")
    with Library.open(tmp_path / "library") as library:
        library.add([sounds], tmp_path / "toy")
    shutil.rmtree(tmp_path / "toy")
    with Library.open(tmp_path / "library") as library, pytest.raises(InputError, match="toy"):
        _ = library.encoder


def test_the_default_encoder_names_what_it_hears(library, sounds):
    library.add([sounds / "oboe"])
    row = library.rows(["family", "family_probability", "source", "nearest"]).to_pylist()[0]
    assert row["family"]
    assert 0 < row["family_probability"] <= 1
    assert row["nearest"].startswith('[["')
    slot = library.rows(["slot"])["slot"][0].as_py()
    vector = library.vectors[slot].astype(np.float32)[None]
    assert library.names(vector)[0].family == row["family"]


def test_with_another_encoder_nothing_is_named(filled):
    assert set(filled.rows(["family"])["family"].to_pylist()) == {None}


def test_status_counts(filled, sounds):
    status = filled.status()
    assert (status.n_sounds, status.n_files, status.n_failed) == (12, 12, 0)
    assert status.hours == pytest.approx(12 * 0.3 / 3600)
    assert status.n_bytes > 12 * 8 * 2
    assert status.folders == [sounds]


def test_the_folder_is_that_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("TIMBRESPACE_LIBRARY", raising=False)
    assert default_folder() == tmp_path / "timbrespace" / "library"
    monkeypatch.setenv("TIMBRESPACE_LIBRARY", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
