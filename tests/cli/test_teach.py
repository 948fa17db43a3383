import json
import shutil

import pytest
import torch

from timbrespace.cli import main
from timbrespace.identification import load_classifier
from timbrespace.manifest import write_manifest
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "encoder"
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    save_encoder(encoder.eval(), folder, name="toy")
    return folder


@pytest.fixture
def folder(tone_manifest, tmp_path):
    """A folder of two classes, five tones each."""
    for row in tone_manifest.to_pylist():
        if row["instrument"] in ("tone-0", "tone-5") and row["pitch_midi"] < 58:
            place = tmp_path / "mine" / row["instrument"]
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(row["path"], place)
    return tmp_path / "mine"


def teach(source, encoder, out, *options):
    return main(
        ["teach", str(source), "--encoder", str(encoder), "--out", str(out), *map(str, options)]
    )


def test_a_folder_is_taught_and_identified(folder, encoder, tmp_path, capsys):
    out = tmp_path / "mine.safetensors"
    assert teach(folder, encoder, out) == 0
    printed = capsys.readouterr().out
    for text in ("2 classes, 10 sounds judged in 5 folds", "right: ", "taken for", "1 tone-0"):
        assert text in printed
    assert load_classifier(out).classes == ("tone-0", "tone-5")
    found = tmp_path / "found.json"
    sounds = ["--model", str(out), "--encoder", str(encoder), "--top", "1", "--json", str(found)]
    assert main(["identify", str(folder), *sounds]) == 0
    printed = capsys.readouterr().out
    assert printed.count(" s heard") == 10
    records = json.loads(found.read_text(encoding="utf-8"))["sounds"]
    told = [next(iter(record["answers"][0]["probabilities"])) for record in records]
    assert told == ["tone-0"] * 5 + ["tone-5"] * 5


def test_fine_tuning_writes_the_encoder_beside(folder, encoder, tmp_path, capsys):
    out, judged = tmp_path / "mine.safetensors", tmp_path / "judged.json"
    assert teach(folder, encoder, out, "--fine-tune", "--steps", 1, "--json", judged) == 0
    assert "fine-tuned, anew without each fold" in capsys.readouterr().out
    assert set(json.loads(judged.read_text(encoding="utf-8"))) == {"as it is", "fine-tuned"}
    assert main(["identify", str(folder / "tone-0"), "--model", str(out)]) == 0


def test_other_sounds_can_test(folder, encoder, tmp_path, capsys):
    assert teach(folder, encoder, tmp_path / "mine.safetensors", "--test", folder) == 0
    printed = capsys.readouterr().out
    assert f"{folder}:\n2 classes, 10 sounds judged\nright: 100.0 %" in printed


def test_a_column_of_a_manifest_is_taught(tone_manifest, encoder, tmp_path, capsys):
    write_manifest(tone_manifest, tmp_path / "m.parquet")
    out = tmp_path / "family.safetensors"
    assert teach(tmp_path / "m.parquet", encoder, out, "--label", "family") == 0
    assert "no instrument in two" in capsys.readouterr().out
    assert load_classifier(out).label == "family"


def test_what_was_left_out_is_listed_and_the_code_says_so(folder, encoder, tmp_path, capsys):
    (folder / "tone-0" / "broken.wav").write_bytes(b"RIFF")
    (folder / "lonely").mkdir()
    shutil.copy(next((folder / "tone-0").glob("0-*.wav")), folder / "lonely" / "copy.wav")
    for number in (1, 2):
        shutil.copy(folder / "tone-0" / "0-50.wav", folder / "tone-5" / f"{number}.wav")
    (folder / "empty").mkdir()
    assert teach(folder, encoder, tmp_path / "mine.safetensors") == 1
    err = capsys.readouterr().err
    for fault in ("broken.wav", "is in another class, too", "empty: holds no sound"):
        assert fault in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--label", "timbre"], "no column 'timbre'"),
        (["--groups", "timbre"], "no column 'timbre'"),
        (["--judge-splits", "dev"], "splits are"),
        (["--max-sounds", "0"], "max_sounds must be at least 1"),
        (["--fine-tune", "--steps", "0"], "steps must be >= 1"),
    ],
)
def test_settings_that_cannot_work_are_said(folder, encoder, tmp_path, capsys, options, message):
    assert teach(folder, encoder, tmp_path / "mine.safetensors", *options) == 2
    assert message in capsys.readouterr().err


def test_one_class_or_two_files_are_not_enough(folder, encoder, tmp_path, capsys):
    out = tmp_path / "mine.safetensors"
    for file in sorted((folder / "tone-5").iterdir())[2:]:
        file.unlink()
    assert teach(folder, encoder, out) == 2
    assert "there are 1: 'tone-5' has 2 sounds, 3 are needed" in capsys.readouterr().err
    shutil.rmtree(folder / "tone-5")
    assert teach(folder, encoder, out) == 2
    assert "two classes are needed to tell apart, there are 1" in capsys.readouterr().err
    assert teach(folder, encoder, tmp_path / "mine.pkl") == 2
    assert "must end in .safetensors" in capsys.readouterr().err
    assert not out.exists()
