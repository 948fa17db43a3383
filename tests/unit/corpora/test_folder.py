import os
from pathlib import Path

from timbrespace.corpora import folder


def test_first_folder_names_the_instrument(tmp_path: Path) -> None:
    for name in ("loose.wav", "kazoo/a.wav", "kazoo/soft/a.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    manifest = folder.scan(tmp_path).manifest
    assert dict(
        zip(manifest["id"].to_pylist(), manifest["instrument"].to_pylist(), strict=True)
    ) == {
        "loose.wav": None,
        "kazoo/a.wav": "kazoo",
        "kazoo/soft/a.wav": "kazoo",
    }


def test_folder_of_formats_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.M4A").touch()
    scan = folder.scan(tmp_path)
    assert not scan.manifest.num_rows
    assert [problem.path for problem in scan.problems] == [tmp_path / "a.M4A"]


def test_a_name_that_is_not_utf8_is_reported_and_the_rest_is_kept(tmp_path: Path) -> None:
    (tmp_path / "good.wav").touch()
    (tmp_path / os.fsdecode(b"latin\xe9.wav")).touch()
    scan = folder.scan(tmp_path)
    assert scan.manifest["id"].to_pylist() == ["good.wav"]
    (problem,) = map(str, scan.problems)
    assert "latin\\udce9.wav: the name is not UTF-8" in problem
