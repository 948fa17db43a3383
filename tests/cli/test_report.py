import json

import pytest
import torch

from timbrespace.cli import main
from timbrespace.manifest import manifest_from_rows, read_manifest, write_manifest
from timbrespace.models import BandEnergy, Encoder, ResNet, Statistics, save_encoder

QUICK = ("--draws", "2", "--map-method", "pca", "--skip", "probing")


@pytest.fixture
def run_folder(tmp_path):
    """What `train` leaves that a report reads."""
    torch.manual_seed(0)
    backbone = ResNet(blocks=(1, 1, 1, 1), channels=(16, 16, 16, 16), stem_stride=2)
    encoder = Encoder(BandEnergy(n_bands=40), backbone, Statistics(n_features=16), 8)
    save_encoder(encoder.eval(), tmp_path / "tiny" / "encoder", name="tiny")
    (tmp_path / "tiny" / "recipe.yaml").write_text("seed: <10>\n", encoding="utf-8")
    return tmp_path / "tiny"


@pytest.fixture
def notes(tone_manifest, tmp_path):
    write_manifest(tone_manifest, tmp_path / "notes.parquet")
    return tmp_path / "notes.parquet"


def report(*arguments):
    return main(["report", *map(str, arguments)])


def sections_of(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))["sections"]


def test_a_run_is_embedded_and_reported(run_folder, notes, tmp_path, capsys):
    out = tmp_path / "report"
    options = ("--manifest", notes, "--draws", 2, "--probing-splits", 1, "--map-method", "pca")
    assert report(run_folder, "--out", out, *options) == 0
    assert "Significance: left out, one system" in capsys.readouterr().out
    sections = sections_of(out)
    assert list(sections["verification"]["systems"]) == ["tiny"]
    assert sections["front-end"]["systems"]["tiny"]["largest_shift_hz"] == 0
    assert sections["provenance"]["systems"]["tiny"]["sounds"] == 72
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "seed: &lt;10&gt;" in page
    assert f"timbrespace report {run_folder} --out {out} --manifest {notes}" in page

    embedded = out / "embeddings" / "1.parquet"
    again = tmp_path / "again"
    assert report(f"<i>a={embedded}", f"b={embedded.resolve()}", "--out", again, *QUICK) == 2
    copy = tmp_path / "copy.parquet"
    copy.write_bytes(embedded.read_bytes())
    assert report(f"<i>a={embedded}", f"b={copy}", "--out", again, *QUICK) == 0
    compared = sections_of(again)
    first, second = compared["verification"]["systems"].values()
    assert first == second
    assert first["eer"] == sections["verification"]["systems"]["tiny"]["eer"]
    assert compared["significance"]["over_trials"][0]["p"] == 1
    assert compared["probing"] == {"skipped": "not asked for."}
    assert "<i>a" not in (again / "report.html").read_text(encoding="utf-8")


def test_sounds_that_cannot_be_embedded_are_listed(run_folder, notes, tmp_path, capsys):
    (tmp_path / "bad.wav").write_bytes(b"")
    rows = read_manifest(notes).to_pylist()
    rows.append({"id": "bad", "path": str(tmp_path / "bad.wav"), "instrument": "x"})
    write_manifest(manifest_from_rows(rows), notes)
    out = tmp_path / "report"
    skip = ("--skip", "verification", "significance", "probing", "retrieval", "map")
    assert report(f"mine={run_folder}", "--out", out, "--manifest", notes, *skip) == 1
    assert "bad.wav" in capsys.readouterr().err
    assert list(sections_of(out)["provenance"]["systems"]) == ["mine"]


def test_sounds_without_pitch_are_left_out_if_asked(run_folder, notes, tmp_path):
    rows = read_manifest(notes).to_pylist()
    for row in rows[:5]:
        row["pitch_midi"] = None
    write_manifest(manifest_from_rows(rows), notes)
    out = tmp_path / "report"
    skip = ("--skip", "verification", "significance", "probing", "retrieval", "map")
    assert report(run_folder, "--out", out, "--manifest", notes, "--pitched", *skip) == 0
    provenance = sections_of(out)["provenance"]
    assert provenance["systems"]["tiny"]["sounds"] == 67
    assert provenance["listings"]["Command"].endswith("--pitched")


@pytest.mark.parametrize("flag", ["--seed=-1", "--draws=0", "--probing-splits=0"])
def test_wrong_settings_are_refused_before_the_work(tmp_path, capsys, flag):
    assert report(tmp_path / "absent.parquet", "--out", tmp_path / "report", flag) == 2
    assert f"{flag.partition('=')[0]} must be at least" in capsys.readouterr().err
    assert not (tmp_path / "report").exists()


def test_a_report_that_judges_nothing_fails(tmp_path):
    sounds = "id,e0,e1\na,1,0\nb,0,1\n"
    (tmp_path / "t.csv").write_text(sounds, encoding="utf-8")
    assert report(tmp_path / "t.csv", "--out", tmp_path / "report") == 1


def test_a_run_needs_a_manifest(run_folder, tmp_path, capsys):
    assert report(run_folder, "--out", tmp_path / "report") == 2
    assert "--manifest" in capsys.readouterr().err


def test_a_missing_place_is_named(tmp_path, capsys):
    assert report(tmp_path / "absent.parquet", "--out", tmp_path / "report") == 2
    assert "absent.parquet" in capsys.readouterr().err


def test_help_teaches(capsys):
    with pytest.raises(SystemExit) as stop:
        report("--help")
    assert stop.value.code == 0
    assert "to stand beside a paper" in capsys.readouterr().out
