import json

import numpy as np
import pytest

from timbrespace.cli import main
from timbrespace.embeddings import embeddings_table, write_embeddings
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def table(tmp_path):
    """Four instruments around four axes, two of each family; octaves of one pitch class."""
    rows = [
        {
            "id": f"{k:02}",
            "path": "x",
            "instrument": str(k % 4),
            "family": ("reed", "brass")[k % 2],
            "pitch_midi": 48 + 12 * (k // 4 % 3),
            "split": "test",
        }
        for k in range(24)
    ]
    noise = 0.01 * np.random.default_rng(0).standard_normal((24, 4))
    vectors = np.eye(4)[np.arange(24) % 4] + noise
    path = tmp_path / "toy.parquet"
    write_embeddings(
        embeddings_table(manifest_from_rows(rows), vectors, encoder_name="toy", encoder_hash=""),
        path,
    )
    return path


def retrieve(*arguments):
    return main(["retrieve", *map(str, arguments)])


def test_searches_are_printed_with_the_reason_of_those_skipped(table, capsys):
    assert retrieve("--embeddings", table, "--k", 1, 3) == 0
    printed = capsys.readouterr().out
    for text in ("toy", "octave", "recall at 3", "100.0", "family silhouette"):
        assert text in printed
    assert "loudness: skipped, no sound has" in printed


def test_headings_are_readable_on_a_narrow_terminal(table, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert retrieve("--embeddings", table) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("search", "queries", "chance", "at 10", "mAP"))
    assert "…" not in printed


def test_json_holds_every_search(table, tmp_path):
    out = tmp_path / "new" / "found.json"
    assert retrieve("--embeddings", table, "--split", "test", "--json", out) == 0
    record = json.loads(out.read_text(encoding="utf-8"))
    toy = record["systems"]["toy"]
    assert record["split"] == "test"
    assert set(toy["searches"]) == {"instrument", "family", "octave"}
    assert toy["searches"]["instrument"]["recall"] == {"1": 1, "5": 1, "10": 1}
    assert toy["searches"]["octave"]["n_queries"] == 24


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--k", 0), "at least 1"), (("--split", "train"), "of this table: test")],
)
def test_what_cannot_be_done_is_said(table, capsys, arguments, message):
    assert retrieve("--embeddings", table, *arguments) == 2
    assert message in capsys.readouterr().err


def test_gradation_is_printed_drawn_and_written(table, tmp_path, capsys):
    figure, out = tmp_path / "kinds.png", tmp_path / "graded.json"
    arguments = ("--graded", "--figure", figure, "--json", out)
    assert retrieve("--embeddings", table, *arguments) == 0
    printed = capsys.readouterr().out
    for text in ("same family, another kind", "own family nearer", "reed", "nearest kinds"):
        assert text in printed
    assert figure.stat().st_size > 1000
    toy = json.loads(out.read_text(encoding="utf-8"))["systems"]["toy"]
    assert toy["kinds"] == ["1", "3", "0", "2"]


def test_a_figure_of_searches_is_refused(table, capsys):
    assert retrieve("--embeddings", table, "--figure", "kinds.png") == 2
    assert "needs --graded" in capsys.readouterr().err
