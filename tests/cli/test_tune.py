import signal
import subprocess
import sys
import time

import pyarrow as pa
import pytest
import torch

from timbrespace.cli import main
from timbrespace.manifest import write_manifest
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder
from timbrespace.tagging import load_tagger

SETTINGS = ["schedule={epochs: null, steps: 30, learning_rate: 0.003}", "batch_size=8"]
SETTINGS.append("checkpoint_every=5")


@pytest.fixture
def places(mixes, tmp_path):
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1, 1], channels=[16, 16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    save_encoder(encoder.eval(), tmp_path / "encoder", name="toy")
    write_manifest(mixes, tmp_path / "mixes.parquet")
    return ["tune", str(tmp_path / "mixes.parquet"), "--from", str(tmp_path / "encoder")]


def tune(places, out, *options):
    return main([*places, "--out", str(out), "--set", *SETTINGS, *options])


def test_a_tagger_is_trained_and_says_what_it_is(places, tmp_path, capsys):
    assert tune(places, tmp_path / "run", "schedule.steps=4") == 0
    *tables, end = capsys.readouterr().out.splitlines()
    assert end == f"tagger: {tmp_path}/run/tagger"
    assert "│ 12 " in "\n".join(tables)
    assert [line.split()[1] for line in tables if line.startswith(("│ b", "│ d"))] == [
        "bright",
        "dull",
    ]
    assert not (tmp_path / "run" / "metrics.csv").exists()
    tagger = load_tagger(tmp_path / "run" / "tagger")
    assert tagger.classes == ("bright", "dull")
    assert "12 test excerpts" in tagger.card
    assert "from toy" in tagger.card


def test_a_class_without_validation_is_never_said(places, mixes, tmp_path, capsys):
    rows = mixes.to_pylist()
    kept = [row["split"] == "train" or row["labels"] == ["dull"] for row in rows]
    write_manifest(mixes.filter(pa.array(kept)), tmp_path / "mixes.parquet")
    assert tune(places, tmp_path / "run", "schedule.steps=4") == 0
    assert "no excerpt of split valid has them: bright" in capsys.readouterr().out
    card = load_tagger(tmp_path / "run" / "tagger").card
    assert "| bright | never | – |" in card
    assert "nan" not in card


def test_a_run_that_is_killed_goes_on_to_the_same_tagger(places, tmp_path):
    program = [sys.executable, "-m", "timbrespace", *places, "--set", *SETTINGS, "--out"]
    process = subprocess.Popen([*program, str(tmp_path / "run")], stderr=subprocess.DEVNULL)
    checkpoint = tmp_path / "run" / "checkpoints" / "last.ckpt"
    while not checkpoint.is_file():
        assert process.poll() is None, "finished before it could be stopped"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < torch.load(checkpoint, weights_only=True)["global_step"] < 30
    assert not (tmp_path / "run" / "tagger").exists()
    for run in ("run", "whole"):
        subprocess.run([*program, str(tmp_path / run)], check=True, capture_output=True)
    resumed, whole = (load_tagger(tmp_path / run / "tagger") for run in ("run", "whole"))
    for name, value in whole.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[name], value), name
    assert resumed.thresholds.tolist() == whole.thresholds.tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["schedule.step=3"], "schedule.step"),
        (["loss=nothing"], "loss"),
        (["fraction=2"], "fraction"),
    ],
)
def test_settings_that_do_not_fit_are_refused(places, tmp_path, capsys, options, message):
    assert tune(places, tmp_path / "run", *options) == 2
    assert message in capsys.readouterr().err


def test_a_manifest_without_labels_is_refused(places, tone_manifest, tmp_path, capsys):
    write_manifest(tone_manifest, tmp_path / "mixes.parquet")
    assert tune(places, tmp_path / "run") == 2
    assert "no row of the manifest has labels" in capsys.readouterr().err
