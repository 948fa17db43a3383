import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.cli import main
from timbrespace.corpora import CORPORA
from timbrespace.manifest import read_manifest


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    root = tmp_path / "sounds"
    (root / "kazoo").mkdir(parents=True)
    soundfile.write(root / "kazoo" / "a.wav", np.ones(800), 8_000)
    return root


def test_list_names_every_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpora", "list"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in CORPORA)


def test_show_prints_the_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpora", "show", "nsynth"]) == 0
    shown = capsys.readouterr().out
    assert "arXiv:1704.01279" in shown
    assert "CC BY 4.0" in shown
    assert "examples.json" in shown


def test_check_of_a_sound_copy_counts_it(sounds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpora", "check", "folder", str(sounds), "--audio"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[-2] for line in shown.splitlines() if "instruments" in line] == ["1"]


def test_check_prints_every_problem(sounds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sounds / "kazoo" / "b[1].m4a").touch()
    (sounds / "kazoo" / "c.wav").touch()
    assert main(["corpora", "check", "folder", str(sounds), "--audio"]) == 1
    shown = capsys.readouterr().out
    assert "b[1].m4a: .m4a cannot be decoded" in shown
    assert "c.wav: the file is empty" in shown


def test_check_opens_audio_only_when_asked(sounds: Path) -> None:
    (sounds / "kazoo" / "c.wav").touch()
    assert main(["corpora", "check", "folder", str(sounds)]) == 0


def test_manifest_writes_what_is_sound(
    sounds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sounds / "kazoo" / "b.m4a").touch()
    out = tmp_path / "out" / "sounds.parquet"
    assert main(["corpora", "manifest", "folder", str(sounds), "--out", str(out)]) == 1
    assert read_manifest(out)["id"].to_pylist() == ["kazoo/a.wav"]
    shown = capsys.readouterr()
    assert "b.m4a: .m4a cannot be decoded" in shown.err
    assert f"{out}: 1 sounds" in shown.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "nsinth"], "no corpus 'nsinth'; known are nsynth"),
        (["check", "nsynth", "/no/such/place"], "/no/such/place: no such folder."),
    ],
)
def test_wrong_name_or_folder_is_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corpora", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_parser_loads_no_heavy_library() -> None:
    code = (
        "import sys; from timbrespace.cli.corpora import parser; parser();"
        "sys.exit(bool({'numpy', 'pyarrow', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
