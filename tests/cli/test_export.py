"""What `export` refuses; what it writes is run in test_encoder_page.py."""

import pytest
import torch

from timbrespace.cli import main
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, export, save_encoder


@pytest.fixture
def encoder(tmp_path):
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    save_encoder(encoder.eval(), tmp_path / "encoder", name="toy")
    return tmp_path / "encoder"


def test_a_name_that_does_not_end_in_onnx_is_refused(encoder, tmp_path, capsys):
    assert main(["export", str(encoder), "--onnx", str(tmp_path / "model.pt")]) == 2
    assert "must end in .onnx" in capsys.readouterr().err


def test_what_must_be_installed_is_named(encoder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(export, "find_spec", lambda name: None)
    assert main(["export", str(encoder), "--onnx", str(tmp_path / "model.onnx")]) == 2
    assert "pip install 'timbrespace[export]'" in capsys.readouterr().err
