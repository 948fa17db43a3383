from pathlib import Path

from timbrespace.corpora import philharmonia


def scan_names(folder: Path, *names: str) -> dict[str, dict[str, object]]:
    for name in names:
        (folder / name).touch()
    return {row["id"]: row for row in philharmonia.scan(folder).manifest.to_pylist()}


def test_name_becomes_columns(tmp_path: Path) -> None:
    stem = "cor-anglais_As4_very-long_mezzo-piano_arco-major-trill"
    row = scan_names(tmp_path, f"{stem}.mp3")[stem]
    assert row["path"] == str(tmp_path / f"{stem}.mp3")
    assert row["instrument"] == row["kind"] == "cor-anglais"
    assert row["family"] == "reed"
    assert row["source"] == "acoustic"
    assert row["pitch_midi"] == 70
    assert row["dynamics"] == "mezzo-piano"
    assert row["technique"] == "arco-major-trill"
    assert row["split"] is None


def test_percussion_has_neither_pitch_nor_family(tmp_path: Path) -> None:
    stems = ["guiro__025_forte_scraped", "tam-tam_low_1_forte_undamped"]
    for row in scan_names(tmp_path, *(f"{stem}.mp3" for stem in stems)).values():
        assert row["pitch_midi"] is None
        assert row["family"] is None


def test_pitched_instrument_without_pitch_is_a_problem(tmp_path: Path) -> None:
    scan_names(tmp_path, "cello__05_forte_arco-normal.mp3", "cello_A2_05_forte_arco-normal.mp3")
    (problem,) = philharmonia.scan(tmp_path).problems
    assert problem.path.name == "cello__05_forte_arco-normal.mp3"
    assert "the pitch ''" in problem.message
