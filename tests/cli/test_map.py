import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from timbrespace.cli import main
from timbrespace.embeddings import embeddings_table, write_embeddings
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def write(tmp_path):
    """Twenty sounds; `shift` gives other vectors for the same sounds."""

    def write(name, *, shift=0, n_sounds=20):
        rows = [
            {
                "id": f"{k:02}",
                "path": "x.wav",
                "instrument": f"i{k % 4}",
                "family": ("reed", "brass")[k % 2],
                "pitch_midi": (60, 72)[k // 10],
                "split": "test",
            }
            for k in range(n_sounds)
        ]
        vectors = np.random.default_rng(shift).standard_normal((n_sounds, 6))
        table = embeddings_table(
            manifest_from_rows(rows), vectors, encoder_name=name, encoder_hash=""
        )
        write_embeddings(table, tmp_path / f"{name}.parquet")
        return str(tmp_path / f"{name}.parquet")

    return write


def draw(*arguments):
    return main(["map", "--method", "pca", *map(str, arguments)])


def test_systems_are_drawn_side_by_side_with_their_numbers(write, tmp_path, capsys):
    out = tmp_path / "new" / "map.svg"
    assert draw("--embeddings", write("with"), write("without", shift=1), "--out", out) == 0
    printed = capsys.readouterr().out
    assert "trustworthiness" in printed
    assert printed.index("with ") < printed.index("without")
    assert "20 sounds, judged by 9 neighbours, seed 0" in printed
    assert out.read_bytes().startswith(b"<?xml")


def test_one_pitch_in_three_dimensions_with_coordinates(write, tmp_path):
    coordinates = tmp_path / "c.parquet"
    options = ("--pitch", 60, "--dimensions", 3, "--colour", "pitch_midi")
    out = tmp_path / "map.png"
    assert (
        draw("--embeddings", write("a"), "--out", out, "--coordinates", coordinates, *options) == 0
    )
    table = pq.read_table(coordinates)
    assert set(table["pitch_midi"].to_pylist()) == {60}
    assert {"system", "x", "y", "z"} <= set(table.column_names)


def test_a_seed_gives_the_same_map_again(write, tmp_path):
    files = [tmp_path / f"{k}.csv" for k in range(2)]
    for file in files:
        arguments = ("--embeddings", write("a"), "--out", str(tmp_path / "m.png"), "--seed", "4")
        assert main(["map", *arguments, "--coordinates", str(file), "--neighbours", "3"]) == 0
    first, again = (pyarrow.csv.read_csv(file) for file in files)
    assert first.equals(again)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "map.gif"), "map.gif"),
        (
            ("--out", "map.png", "--coordinates", "c.txt"),
            "c.txt: the name must end in .parquet or .csv",
        ),
        (("--out", "map.png", "--pitch", "61"), "nearest are [60, 72]"),
        (("--out", "map.png", "--split", "train"), "of this table: test"),
        (("--out", "map.png", "--neighbours", "3"), "no neighbours"),
    ],
)
def test_wrong_settings_are_told(write, capsys, options, message):
    assert draw("--embeddings", write("a"), *options) == 2
    assert message in capsys.readouterr().err


def test_other_sounds_are_refused(write, tmp_path, capsys):
    tables = (write("a"), write("b", n_sounds=12))
    assert draw("--embeddings", *tables, "--out", tmp_path / "m.png") == 2
    assert "same sounds" in capsys.readouterr().err


def test_three_sounds_are_too_few(write, tmp_path, capsys):
    assert draw("--embeddings", write("a", n_sounds=3), "--out", tmp_path / "m.png") == 2
    assert "at least 4 sounds" in capsys.readouterr().err


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as stop:
        draw("--help")
    assert stop.value.code == 0
    assert "A map misleads" in capsys.readouterr().out
