from pathlib import Path

from timbrespace.corpora.base import Problem, scan_of


def row(note: str, **columns: str) -> dict[str, str]:
    return {"id": note, "path": f"/corpus/{note}.wav", **columns}


def test_sound_rows_pass_in_order() -> None:
    scan = scan_of([row("b"), row("a")], [])
    assert scan.manifest["id"].to_pylist() == ["b", "a"]
    assert scan.problems == []


def test_no_rows_give_an_empty_manifest() -> None:
    problem = Problem(Path("x.csv"), "is broken.")
    scan = scan_of([], [problem])
    assert scan.manifest.num_rows == 0
    assert scan.problems == [problem]


def test_second_row_of_an_id_is_left_out() -> None:
    scan = scan_of([row("a"), row("a") | {"path": "/copy/a.wav"}], [])
    assert scan.manifest["path"].to_pylist() == ["/corpus/a.wav"]
    assert [str(problem) for problem in scan.problems] == [
        "/copy/a.wav: repeats /corpus/a.wav; keep one of them."
    ]


def test_copied_file_of_many_notes_is_reported_once() -> None:
    copies = [row(note) | {"path": path} for path in ("x.wav", "y.wav") for note in "abc"]
    assert [str(problem.path) for problem in scan_of(copies, []).problems] == ["y.wav"]


def test_crossing_instrument_is_reported_once() -> None:
    rows = [row("a", instrument="kazoo", split="train")]
    rows += [row(note, instrument="kazoo", split="test") for note in "bcd"]
    scan = scan_of(rows, [])
    assert scan.manifest["id"].to_pylist() == ["a"]
    assert [problem.message for problem in scan.problems] == [
        "instrument kazoo is in split test and in train; a split must hold whole instruments."
    ]


def test_instruments_without_split_may_lie_anywhere() -> None:
    rows = [row("a", instrument="kazoo", split="train"), row("b", instrument="kazoo")]
    assert scan_of(rows, []).manifest.num_rows == 2
