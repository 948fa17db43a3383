import shutil

import numpy as np
import pytest
import soundfile
import torch

from timbrespace.cli import main
from timbrespace.identification import embed_lesson, lesson_of, save_classifier, teach
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder


@pytest.fixture(scope="module")
def model(tone_manifest, tmp_path_factory):
    """A classifier of families, its encoder beside it."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("models") / "family.safetensors"
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    save_encoder(encoder.eval(), path.with_suffix(".encoder"), name="toy")
    table, _ = embed_lesson(tone_manifest, encoder)
    save_classifier(teach(lesson_of(table, label="family")[0]).classifier, path)
    return path


def test_the_likeliest_classes_are_shown(model, tone_manifest, capsys):
    path = tone_manifest["path"][0].as_py()
    assert main(["identify", path, "--model", str(model), "--top", "2"]) == 0
    title, first, second, *_ = capsys.readouterr().out.splitlines()
    assert title.startswith(f"{path}: 0.")
    assert first.split()[0] == "family"
    assert "%" in first
    assert "%" in second


def test_bad_files_are_listed_and_the_code_says_so(model, tone_manifest, tmp_path, capsys):
    shutil.copy(tone_manifest["path"][0].as_py(), tmp_path / "good.wav")
    soundfile.write(tmp_path / "silent.wav", np.zeros(1_000), 16_000)
    (tmp_path / "text.wav").write_text("no audio")
    assert main(["identify", str(tmp_path), "--model", str(model)]) == 1
    out, err = capsys.readouterr()
    assert out.count(" s heard") == 1
    assert "2 skipped" in err
    assert "silent.wav: is silent" in err
    assert "text.wav: cannot be decoded" in err


def test_many_sounds_take_a_line_each(model, tone_manifest, tmp_path, rng, capsys):
    for number, path in enumerate(tone_manifest["path"].to_pylist()[:10]):
        shutil.copy(path, tmp_path / f"{number}.wav")
    soundfile.write(tmp_path / "short.wav", rng.uniform(-1, 1, 320), 16_000)
    assert main(["identify", str(tmp_path), "--model", str(model)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert lines[-1].startswith(f"{tmp_path}/short.wav: ")
    assert lines[-1].endswith(" % ?")


@pytest.mark.parametrize("command", ["identify", "similar"])
def test_json_never_takes_the_place_of_a_sound(command, tmp_path, rng, capsys):
    sound = tmp_path / "a.wav"
    soundfile.write(sound, rng.uniform(-1, 1, 4_000), 16_000)
    assert main([command, str(sound), str(sound), "--json", str(sound)]) == 2
    assert "the name must end in .json" in capsys.readouterr().err
    assert soundfile.info(sound).frames == 4_000


def test_doubts_are_said(model, tmp_path, rng, capsys):
    soundfile.write(tmp_path / "short.wav", rng.uniform(-1, 1, 320), 16_000)
    assert main(["identify", str(tmp_path / "short.wav"), "--model", str(model)]) == 0
    out = capsys.readouterr().out
    assert "too short to go by" in out
    assert "unlike everything that was taught" in out


def test_what_cannot_be_done_is_said(model, tone_manifest, tmp_path, capsys):
    path = tone_manifest["path"][0].as_py()
    (tmp_path / "broken.safetensors").write_bytes(model.read_bytes()[:-1])
    for options, message in (
        (["--model", str(tmp_path / "absent.safetensors")], "no such file"),
        (["--model", str(tmp_path / "broken.safetensors")], "not a classifier"),
        (["--model", str(model), "--top", "0"], "--top must be at least 1"),
        (["--model", str(model), "--encoder", str(tmp_path)], "config.json"),
    ):
        assert main(["identify", path, *options]) == 2
        assert message in capsys.readouterr().err
