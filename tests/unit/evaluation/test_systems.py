import pytest

from timbrespace.embeddings import embeddings_table, write_embeddings
from timbrespace.errors import InputError
from timbrespace.evaluation.systems import read_systems
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def write(tmp_path):
    def write(stem, encoder):
        rows = [
            {"id": key, "path": "x.wav", "split": split}
            for key, split in (("b", "test"), ("a", "test"), ("c", "train"))
        ]
        table = embeddings_table(
            manifest_from_rows(rows),
            [[1, 2], [3, 4], [5, 6]],
            encoder_name=encoder,
            encoder_hash="",
        )
        path = tmp_path / f"{stem}.parquet"
        write_embeddings(table, path)
        return path

    return write


def test_systems_are_named_by_encoder_or_file(write):
    assert list(read_systems([write("x", "small"), write("y", "")])) == ["small", "y"]


def test_equal_names_give_way_to_paths(write):
    paths = [write("x", "small"), write("y", "small")]
    assert list(read_systems(paths)) == [str(path) for path in paths]


def test_rows_are_in_order_of_their_ids_and_of_the_split(write):
    (table,) = read_systems([write("x", "small")], split="test").values()
    assert table["id"].to_pylist() == ["a", "b"]


def test_a_split_without_rows_is_refused(write):
    with pytest.raises(InputError, match="valid"):
        read_systems([write("x", "small")], split="valid")
