import numpy as np
import pyarrow as pa

from timbrespace.explorer.columns import NO_CATEGORY, _at_points, encoded
from timbrespace.explorer.points import FolderNames, Points


def points(ids):
    return Points(
        n_sounds=len(ids),
        ids=np.array(ids, np.uint32),
        slots=np.arange(len(ids)),
        names=[""] * len(ids),
        folders=np.zeros(len(ids), np.uint16),
        folder_names=["a"],
        revision=(),
    )


def test_more_categories_than_there_are_codes_lose_the_rarest():
    found = encoded([str(number) for number in range(70_000)] + ["0"])
    assert len(found.values) == NO_CATEGORY
    assert found.codes[0] == found.codes[-1] == 0
    assert (found.codes == NO_CATEGORY).sum() == 70_000 - NO_CATEGORY


def test_rows_follow_the_points_whatever_came_and_went():
    table = pa.table({"id": [1, 2, 5, 9], "family": ["a", "b", "c", "d"]})
    assert _at_points(table, points([2, 4, 9]))["family"].to_pylist() == ["b", None, "d"]
    assert _at_points(table.slice(0, 0), points([2]))["family"].to_pylist() == [None]


def test_rows_of_sounds_that_are_not_shown_are_minus_one():
    assert points([2, 4, 9]).rows_of([9, 3, 2, 10**9]).tolist() == [2, -1, 0, -1]
    assert points([]).rows_of([1]).tolist() == [-1]


def test_folders_are_named_from_the_librarys_roots_on(tmp_path):
    single = tmp_path / "single" / "a.wav"
    single.parent.mkdir()
    single.touch()
    names = FolderNames([tmp_path / "drums", single])
    assert names.of(f"{tmp_path}/drums/808/kick.wav") == "drums/808"
    assert names.of(f"{tmp_path}/drums/kick.wav") == "drums"
    assert names.of(str(single)) == "single"
    assert names.of("/elsewhere/b.wav") == "elsewhere"
