import csv

import pytest

from timbrespace.errors import ConfigError, InputError


def tags_of(library):
    rows = library.rows(["id", "tags"]).to_pylist()
    return {row["id"]: sorted(row["tags"]) for row in rows if row["tags"]}


def test_tags_are_given_once_and_taken(filled):
    filled.tag([1, 2], add=["deep", " wide "])
    filled.tag([2, 3], add=["deep"], remove=["wide", "never given"])
    assert tags_of(filled) == {1: ["deep", "wide"], 2: ["deep"], 3: ["deep"]}


def test_all_or_nothing(filled):
    with pytest.raises(InputError, match="id 999"):
        filled.tag([1, 999], add=["deep"])
    assert tags_of(filled) == {}


@pytest.mark.parametrize("wrong", ["", "  ", "a\nb", "x" * 101, "bell\x07"])
def test_what_is_no_tag_is_refused(filled, wrong):
    with pytest.raises(ConfigError, match="a tag must be"):
        filled.tag([1], add=[wrong])


def test_tags_are_written_as_a_table(filled, tmp_path):
    filled.tag([2], add=["=SUM(A1)", "deep"])
    assert filled.write_tags(tmp_path / "tags.csv") == 1
    with (tmp_path / "tags.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["id"] == "2"
    assert row["tags"] == "'=SUM(A1);deep"  # no formula
    assert row["path"].endswith(".wav")


def test_tags_go_into_files_and_the_files_are_known_still(filled, sounds):
    filled.tag([1], add=["deep"])
    assert filled.write_tags_into_files([1]) == []
    path = sounds.parent / filled.rows(["path"], where=("id = ?", [1]))["path"][0].as_py()
    assert b"IKEY" in path.read_bytes()
    found = filled.add()
    assert (found.changed, found.unchanged) == (0, 12)


def test_a_file_that_cannot_be_written_is_listed(filled):
    path = filled.rows(["path"], where=("id = ?", [1]))["path"][0].as_py()
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"no sound")
    (problem,) = filled.write_tags_into_files([1])
    assert "not a plain WAV" in problem
