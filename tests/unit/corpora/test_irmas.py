from pathlib import Path

import pytest

from timbrespace.corpora import IRMAS_CLASSES, irmas


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_training_name_becomes_columns(tmp_path):
    path = tmp_path / "gac" / "[gac][dru][pop_roc]0651__3.wav"
    _touch(path)
    (row,) = irmas.scan(tmp_path).manifest.to_pylist()
    assert {key: value for key, value in row.items() if value is not None} == {
        "id": path.stem,
        "path": str(path),
        "instrument": "song-0651",
        "kind": "acoustic-guitar",
        "family": "guitar",
        "split": "train",
        "labels": ["acoustic-guitar"],
    }


@pytest.mark.parametrize(
    ("listed", "labels", "kind"),
    [("gel\t\nvoi\t\n", ["electric-guitar", "voice"], None), ("pia pia", ["piano"], "piano")],
)
def test_testing_lists_become_labels(tmp_path, listed, labels, kind):
    _touch(tmp_path / "01 - Left-Handed-12.wav")
    (tmp_path / "01 - Left-Handed-12.txt").write_text(listed)
    (row,) = irmas.scan(tmp_path).manifest.to_pylist()
    assert (row["labels"], row["kind"], row["split"]) == (labels, kind, "test")
    assert row["instrument"] == "song-01 - Left-Handed"
    assert row["label_mask"] is None


def test_no_song_crosses_a_split_and_valid_has_its_share(tmp_path):
    for song in range(400):
        for excerpt, code in ((1, "cel"), (2, "cel"), (1, "voi")):
            _touch(tmp_path / code / f"[{code}][cla]{song:04}__{excerpt}.wav")
    rows = irmas.scan(tmp_path).manifest.to_pylist()
    splits = {(row["instrument"], row["split"]) for row in rows}
    assert len(rows) == 1_200
    assert len(splits) == 400
    assert 0.1 < sum(split == "valid" for _, split in splits) / 400 < 0.2


def test_real_clips_have_their_labels(test_data):
    rows = irmas.scan(test_data / "loader_samples" / "irmas").manifest.to_pylist()
    assert [row["labels"] for row in rows] == [["electric-guitar", "voice"], ["clarinet"]]


def test_classes_are_eleven():
    assert len(set(IRMAS_CLASSES)) == 11
