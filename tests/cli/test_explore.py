import json
import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from timbrespace.cli import main
from timbrespace.library import Library
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder


@pytest.fixture(scope="module")
def library(tone_manifest, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explore")
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    save_encoder(encoder.eval(), folder / "encoder", name="toy")
    with Library.open(folder / "library") as library:
        library.add(tone_manifest["path"].to_pylist()[:5], str(folder / "encoder"))
    return folder / "library"


def test_the_page_is_served_until_a_signal_comes(library):
    command = [sys.executable, "-m", "timbrespace", "explore", "--library", library]
    process = subprocess.Popen(
        [*command, "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    address = process.stdout.readline().split()[0]
    with urllib.request.urlopen(f"{address}api/library") as answer:
        assert json.load(answer)["n_sounds"] == 5
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does, all at once
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_site_is_written(library, tmp_path, capsys):
    out = tmp_path / "site"
    assert main(["explore", "--library", str(library), "--export", str(out)]) == 0
    assert "index.html: open it" in capsys.readouterr().out
    assert len(list((out / "clips").iterdir())) == 5


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--library", "nowhere"], "timbrespace library add"),
        (["--port", "99999"], "--port must be"),
        (["--export", "site", "--clip", "0"], "clip_s must be above 0"),
        (["--host", "192.0.2.1"], "cannot be listened on"),
    ],
)
def test_what_cannot_be_is_said(library, tmp_path, monkeypatch, capsys, arguments, fault):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIMBRESPACE_LIBRARY", str(library))
    assert main(["explore", *arguments]) == 2
    assert fault in capsys.readouterr().err
