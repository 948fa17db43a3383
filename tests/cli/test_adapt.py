import numpy as np
import pytest
import torch

from timbrespace.cli import main
from timbrespace.manifest import write_manifest
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, load_encoder, save_encoder


@pytest.fixture
def encoder(tmp_path):
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    save_encoder(encoder.eval(), tmp_path / "toy", name="toy")
    return tmp_path / "toy"


@pytest.fixture
def manifest(tone_manifest, tmp_path):
    write_manifest(tone_manifest, tmp_path / "tones.parquet")
    return tmp_path / "tones.parquet"


def adapt(encoder, *arguments):
    return main(["adapt", *map(str, arguments), "--encoder", str(encoder)])


def test_recordings_give_another_encoder_and_what_it_is_worth(encoder, manifest, tmp_path, capsys):
    assert adapt(encoder, manifest, "--out", tmp_path / "mine", "--precision", "float32") == 0
    said = capsys.readouterr().out
    assert "halves of 6 instruments" in said
    mine = load_encoder(tmp_path / "mine")
    assert mine.name == "mine"
    tone = 0.1 * np.sin(np.arange(8_000) / 5, dtype=np.float32)
    assert np.abs(mine.embed(tone, 16_000) - load_encoder(encoder).embed(tone, 16_000)).max() > 0.01


def test_few_instruments_adapt_but_cannot_judge(encoder, tone_manifest, tmp_path, capsys):
    write_manifest(tone_manifest.slice(0, 24), tmp_path / "two.parquet")
    assert adapt(encoder, tmp_path / "two.parquet", "--out", tmp_path / "mine") == 0
    assert "not judged: judging needs at least 4 instruments" in capsys.readouterr().out


def test_sounds_without_instrument_are_refused(encoder, tone_manifest, tmp_path, capsys):
    path = tone_manifest["path"][0].as_py()
    assert adapt(encoder, path, "--out", tmp_path / "mine") == 2
    assert "sounds with an instrument: 0 rows name one" in capsys.readouterr().err
