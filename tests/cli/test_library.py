import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from timbrespace.cli import main
from timbrespace.library import Library
from timbrespace.locks import exclusive
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
    source = tmp_path / "sounds" / "oboe"
    source.mkdir(parents=True)
    for path in tone_manifest["path"].to_pylist()[:5]:
        shutil.copy(path, source)
    return tmp_path / "sounds"


@pytest.fixture
def many(tone_manifest):
    return Path(tone_manifest["path"][0].as_py()).parent


def library(action, place, *arguments):
    return main(["library", action, *map(str, arguments), "--library", str(place)])


def test_a_folder_becomes_a_library_that_is_counted_and_exported(folder, encoder, tmp_path, capsys):
    place = tmp_path / "library"
    assert library("add", place, folder, "--encoder", encoder) == 0
    said = capsys.readouterr().out
    assert "files: 5 new" in said
    assert "5 sounds heard in" in said
    assert "a second)" in said
    assert library("add", place) == 0
    assert "files: 5 unchanged" in capsys.readouterr().out
    assert library("status", place) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "sounds 5 " in said
    assert "toy (" in said
    assert library("export", place, tmp_path / "out.parquet") == 0
    assert "out.parquet: 5 sounds" in capsys.readouterr().out


def test_bad_files_are_listed_and_the_code_says_so(folder, encoder, tmp_path, capsys):
    place = tmp_path / "library"
    (folder / "empty.wav").touch()
    assert library("add", place, folder, "--encoder", encoder) == 1
    captured = capsys.readouterr()
    assert "empty.wav: the file is empty" in captured.err
    assert "5 new, 1 failed" in captured.out
    assert library("failed", place) == 1
    assert "empty.wav: the file is empty" in capsys.readouterr().out
    (folder / "empty.wav").unlink()
    assert library("add", place) == 0
    assert "`timbrespace library prune` forgets missing files" in capsys.readouterr().out
    assert library("prune", place) == 0
    assert "1 files forgotten" in capsys.readouterr().out
    assert library("failed", place) == 0
    assert library("remove", place, folder / "oboe") == 0
    assert "5 files forgotten" in capsys.readouterr().out


def test_what_is_not_there_is_named(tmp_path, encoder, capsys):
    assert library("status", tmp_path / "nowhere") == 2
    assert "no library here; make one with" in capsys.readouterr().err
    assert library("add", tmp_path / "new", tmp_path / "nowhere") == 2
    assert "nowhere: no such file or folder" in capsys.readouterr().err


def test_two_at_once_are_refused(folder, encoder, tmp_path, capsys):
    place = tmp_path / "library"
    with exclusive(place / ".lock", work="adding sounds"):
        assert library("add", place, folder, "--encoder", encoder) == 2
    assert "another process is adding sounds here; wait for it" in capsys.readouterr().err


_HELD_AFTER_TWO_BATCHES = """
import signal, sys, time
from timbrespace.cli import main
from timbrespace.library import keeping

signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where it is ignored
keeping._BATCH_SOUNDS = 16
write, written = keeping.Keeper.write, []

def write_twice(self):
    write(self)
    written.append(self)
    if len(written) == 2:
        print("held", flush=True)
        time.sleep(60)

keeping.Keeper.write = write_twice
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def held(many, encoder, tmp_path):
    """A process that adds 72 files and has written 32 of them."""
    command = [sys.executable, "-c", _HELD_AFTER_TWO_BATCHES, "library", "add", str(many)]
    command += ["--encoder", str(encoder), "--library", str(tmp_path / "library")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_run_that_is_killed_is_gone_on_from(held, many, encoder, tmp_path):
    held.send_signal(signal.SIGKILL)
    held.wait()
    with Library.open(tmp_path / "library") as library, Library.open(tmp_path / "clean") as clean:
        assert library.n_sounds == 32
        found = library.add([many])
        assert (found.added, found.unchanged) == (40, 32)
        clean.add([many], encoder)
        ours, theirs = (each.rows(order="path") for each in (library, clean))
        assert ours["path"].to_pylist() == theirs["path"].to_pylist()
        for name in ("duration_s", "brightness_hz", "content_hash", "envelope"):
            assert ours[name].to_pylist() == theirs[name].to_pylist()
        vectors = [
            np.asarray(each.vectors[rows["slot"].to_numpy()], np.float32)
            for each, rows in ((library, ours), (clean, theirs))
        ]
        np.testing.assert_allclose(*vectors, atol=0.02)  # bfloat16, other batches


def test_one_can_read_while_a_run_adds_and_ctrl_c_says_what_is_kept(held, tmp_path):
    with Library.open(tmp_path / "library", writable=False) as library:
        assert library.rows(["path"]).num_rows == 32
    held.send_signal(signal.SIGINT)
    said = held.communicate()[1]
    assert held.returncode == 130
    assert "stopped: 32 sounds are kept in" in " ".join(said.split())
