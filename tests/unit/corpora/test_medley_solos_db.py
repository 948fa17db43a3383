from pathlib import Path

import pytest

from timbrespace.corpora import IRMAS_CLASSES, medley_solos_db

_HEADER = "subset,instrument,instrument_id,song_id,uuid4"


def _corpus(root: Path, *lines: str) -> Path:
    (root / "annotation").mkdir()
    (root / "audio").mkdir()
    (root / "annotation" / "Medley-solos-DB_metadata.csv").write_text("\n".join(lines))
    return root


@pytest.mark.parametrize(
    ("number", "kind", "label"),
    [(1, "distorted-electric-guitar", "electric-guitar"), (2, "female-singer", "voice")],
)
def test_line_becomes_columns(tmp_path, number, kind, label):
    root = _corpus(tmp_path, _HEADER, f"training,any,{number},17,u")
    path = root / "audio" / f"Medley-solos-DB_training-{number}_u.wav"
    path.touch()
    (row,) = medley_solos_db.scan(root).manifest.to_pylist()
    assert (row["id"], row["path"], row["instrument"]) == ("u", str(path), "song-17")
    assert (row["kind"], row["labels"], row["split"]) == (kind, [label], "train")
    assert row["family"] is not None
    assert label in IRMAS_CLASSES


def test_metadata_without_columns_is_a_problem(tmp_path):
    scan = medley_solos_db.scan(_corpus(tmp_path, "subset,uuid4", "test,u"))
    assert "lacks the columns instrument_id, song_id" in scan.problems[0].message
