import shutil

import pytest
import torch

from timbrespace.cli import main
from timbrespace.embeddings import encoder_of, read_embeddings
from timbrespace.manifest import write_manifest
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder, sources


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


def embed(encoder, out, *paths):
    return main(["embed", *map(str, paths), "--encoder", str(encoder), "--out", str(out)])


def test_a_folder_becomes_a_table(tone_manifest, encoder, tmp_path, capsys):
    source = tmp_path / "sounds" / "oboe"
    source.mkdir(parents=True)
    for path in tone_manifest["path"].to_pylist()[:5]:
        shutil.copy(path, source)
    out = tmp_path / "e.parquet"
    assert embed(encoder, out, tmp_path / "sounds") == 0
    assert f"5 embeddings: {out}" in capsys.readouterr().out
    assert set(read_embeddings(out)["instrument"].to_pylist()) == {"oboe"}


def test_bad_files_are_listed_and_the_code_says_so(tone_manifest, encoder, tmp_path, capsys):
    shutil.copy(tone_manifest["path"][0].as_py(), tmp_path / "good.wav")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "phone.m4a").write_bytes(b"x")
    assert embed(encoder, tmp_path / "e.parquet", tmp_path) == 1
    err = capsys.readouterr().err
    assert "2 skipped:" in err
    assert "empty.wav: the file is empty" in err
    assert "phone.m4a: .m4a cannot be decoded" in err
    assert read_embeddings(tmp_path / "e.parquet").num_rows == 1


def test_a_split_of_a_manifest_can_be_chosen(tone_manifest, encoder, tmp_path):
    write_manifest(tone_manifest, tmp_path / "m.parquet")
    out = tmp_path / "e.parquet"
    arguments = ["embed", str(tmp_path / "m.parquet"), "--split", "test"]
    assert main([*arguments, "--encoder", str(encoder), "--out", str(out)]) == 0
    assert read_embeddings(out).num_rows == 24


def test_the_default_encoder_needs_no_name(tone_manifest, encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "DEFAULT_FOLDER", encoder)
    out = tmp_path / "e.parquet"
    assert main(["embed", tone_manifest["path"][0].as_py(), "--out", str(out)]) == 0
    assert encoder_of(read_embeddings(out))[0] == "toy"


def test_what_is_missing_is_named(encoder, tmp_path, capsys):
    assert embed(encoder, tmp_path / "e.parquet", tmp_path / "nowhere.wav") == 2
    assert "nowhere.wav: no such file" in capsys.readouterr().err
    assert embed(tmp_path / "no-encoder", tmp_path / "e.parquet", tmp_path) == 2
    assert "no-encoder" in capsys.readouterr().err
