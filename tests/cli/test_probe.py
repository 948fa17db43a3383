import json

import numpy as np
import pytest

from timbrespace.cli import main
from timbrespace.embeddings import embeddings_table, write_embeddings
from timbrespace.manifest import manifest_from_rows


@pytest.fixture
def write_table(tmp_path):
    """Twelve instruments of two families; the family is plain in the first dimension."""

    def write(name, *, n_notes=120, spread=0.1):
        rng = np.random.default_rng(0)
        rows = [
            {
                "id": f"{k:03}",
                "path": "x",
                "instrument": str(k % 12),
                "family": ("reed", "brass")[k % 2],
                "velocity": 25 if k == 0 else 100,
            }
            for k in range(n_notes)
        ]
        vectors = np.eye(2, 4)[np.arange(n_notes) % 2] + spread * rng.standard_normal((n_notes, 4))
        table = embeddings_table(
            manifest_from_rows(rows), vectors, encoder_name=name, encoder_hash=name
        )
        write_embeddings(table, tmp_path / f"{name}.parquet")
        return tmp_path / f"{name}.parquet"

    return write


def probe(*arguments):
    return main(["probe", "--repeats", "1", "--workers", "1", *map(str, arguments)])


def test_tasks_are_printed_with_the_reason_of_those_skipped(write_table, capsys):
    assert probe("--embeddings", write_table("clear")) == 0
    printed = capsys.readouterr().out
    for text in ("clear", "family", "majority", "100.0", "2 classes", "grouped protocol"):
        assert text in printed
    assert "dynamics: skipped, no note has a label" in printed
    assert "velocity: skipped, needs 2 classes" in printed


def test_json_and_figure_hold_every_system(write_table, tmp_path):
    out, figure = tmp_path / "new" / "probes.json", tmp_path / "probes.svg"
    files = write_table("clear"), write_table("blurred", spread=2)
    arguments = ("--tasks", "family", "--protocol", "stratified", "--seed", 3)
    assert probe("--embeddings", *files, *arguments, "--json", out, "--figure", figure) == 0
    systems = json.loads(out.read_text(encoding="utf-8"))["systems"]
    assert list(systems) == ["clear", "blurred"]
    assert (systems["clear"]["protocol"], systems["clear"]["seed"]) == ("stratified", 3)
    clear, blurred = (system["means"][0]["micro"] for system in systems.values())
    assert clear == 1 > blurred
    assert figure.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--tasks", "timbre"), "tasks are family"),
        (("--tasks", "dynamics"), "no task can be probed"),
        (("--repeats", "0"), "repeats must be at least 1"),
        (("--figure", "probes.gif"), "probes.gif"),
    ],
)
def test_what_cannot_be_done_is_said(write_table, capsys, arguments, message):
    assert probe("--embeddings", write_table("clear"), *arguments) == 2
    assert message in capsys.readouterr().err


def test_tables_of_other_sounds_are_refused(write_table, capsys):
    assert probe("--embeddings", write_table("a"), write_table("b", n_notes=60)) == 2
    assert "60 ids only in the first" in capsys.readouterr().err
