"""Every Python example of docs/encoder.md, run in order, with the file that `export` writes."""

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from timbrespace.cli import main
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder, sources

PAGE = Path(__file__).parents[2] / "docs" / "encoder.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch, rng):
    """A folder with the sounds of the examples, and a small encoder as the default."""
    monkeypatch.chdir(tmp_path)
    for name in ("oboe.wav", "horn.flac", "concert.wav"):
        soundfile.write(name, rng.uniform(-0.5, 0.5, 40_000), 16_000)
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    save_encoder(encoder.eval(), tmp_path / "encoder", name="toy")
    monkeypatch.setattr(sources, "DEFAULT_FOLDER", tmp_path / "encoder")
    monkeypatch.setattr("timbrespace.models.keep_freed_memory", lambda: False)


def test_the_examples_run(here, capsys):
    pytest.importorskip("onnxscript")
    assert main(["export", "--onnx", "model.onnx"]) == 0
    assert "model.onnx: toy " in capsys.readouterr().out
    names = {}
    for example in EXAMPLES:
        exec(compile(example, "encoder.md", "exec"), names)
    assert names["windows"].vectors.shape == (2, 8)
    vectors = names["encoder"].embed("oboe.wav", precision="float32")
    np.testing.assert_allclose(names["vectors"], vectors, atol=1e-4)  # float32, other kernels
