import json

import pytest
import torch

from timbrespace.cli import main
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    folder = tmp_path_factory.mktemp("models") / "encoder"
    save_encoder(encoder.eval(), folder, name="toy")
    return folder


def similar(encoder, *arguments):
    return main(["similar", *map(str, arguments), "--encoder", str(encoder)])


def test_two_sounds_give_one_number(tone_manifest, encoder, capsys):
    path = tone_manifest["path"][0].as_py()
    assert similar(encoder, path, path) == 0
    assert "similarity 1.00; 1 is the same timbre" in capsys.readouterr().out


def test_more_give_a_table_and_a_file(tone_manifest, encoder, tmp_path, capsys):
    paths = tone_manifest["path"].to_pylist()[:3]
    assert similar(encoder, *paths, "--json", tmp_path / "s.json") == 0
    out = capsys.readouterr().out
    assert out.count("1.00") >= 3
    record = json.loads((tmp_path / "s.json").read_text())
    assert record["encoder"]["name"] == "toy"
    assert record["sounds"] == paths
    table = record["similarity"]
    assert [row[k] for k, row in enumerate(table)] == pytest.approx([1.0] * 3)
    assert table[0][2] == pytest.approx(table[2][0])


def test_one_sound_and_a_bad_one_are_wrong_input(tone_manifest, encoder, tmp_path, capsys):
    path = tone_manifest["path"][0].as_py()
    assert similar(encoder, path) == 2
    assert "two files or more" in capsys.readouterr().err
    assert similar(encoder, path, tmp_path / "nowhere.wav") == 2
    assert "nowhere.wav: no such file" in capsys.readouterr().err
