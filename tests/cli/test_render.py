import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from timbrespace.cli import main
from timbrespace.errors import MissingDependencyError
from timbrespace.rendering import CATALOGUE, load_fluidsynth
from timbrespace.rendering.soundfonts import OPEN_NOTES

_WRITER = runpy.run_path(str(Path(__file__).parents[1] / "soundfont_writer.py"))


@pytest.fixture
def soundfont(tmp_path: Path) -> Path:
    sound = _WRITER["Sound"]
    sounds = [
        sound(name="[b]Piano", program=0, cycle=_WRITER["SINE"], keys=(48, 72)),
        sound(name="Flute", program=73, cycle=_WRITER["SAW"]),
        sound(name="Kit", program=0, bank=128, cycle=_WRITER["SAW"]),
    ]
    return _WRITER["write_soundfont"](tmp_path / "tiny.sf2", sounds)


@pytest.fixture
def band(tmp_path: Path) -> Path:
    """A SoundFont that plays a class in train, the piano, and one in test, the nylon guitar."""
    sound = _WRITER["Sound"]
    sounds = [
        sound(name="Piano", program=0, cycle=_WRITER["SINE"]),
        sound(name="Nylon", program=24, cycle=_WRITER["SAW"]),
    ]
    return _WRITER["write_soundfont"](tmp_path / "band.sf2", sounds)


@pytest.fixture
def fluidsynth() -> None:
    try:
        load_fluidsynth()
    except MissingDependencyError as fault:
        pytest.skip(str(fault))


def _lines(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.replace("│", " ").split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("fluidsynth")
def test_render_writes_a_corpus_and_prints_what_came(soundfont, tmp_path, capsys):
    out = tmp_path / "corpus"
    options = ["--pitches", "36:84:12", "--velocities", "1", "100", "--workers", "1"]
    assert main(["render", str(soundfont), "--out", str(out), *options]) == 0
    lines = _lines(capsys)
    assert ["flute", "0", "(0)", "0", "(0)", "5", "(1)"] in lines
    assert ["keyboard", "3", "(1)", "0", "(0)", "0", "(0)"] in lines
    assert ["all", "3", "(1)", "0", "(0)", "5", "(1)"] in lines
    assert ["notes", "dropped:", "8", "silent,", "0", "clipped"] in lines
    assert ["presets", "left", "out:", "1", "percussion"] in lines
    assert ["2", "instruments", "play", "2", "recordings"] in lines
    assert len(list(out.rglob("*.wav"))) == 8


@pytest.mark.usefixtures("fluidsynth")
def test_programs_splits_and_gain_are_the_users(soundfont, tmp_path):
    out = tmp_path / "corpus"
    options = ["--programs", "72:74", "--test-programs", "0", "--valid-programs", "73"]
    options += ["--pitches", "60", "--velocities", "127", "--gain", "10", "--workers", "1"]
    assert main(["render", str(soundfont), "--out", str(out), *options]) == 0
    told = json.loads((out / "render.json").read_text())
    assert (told["programs"], told["gain"]) == ([72, 73, 74], 10)
    assert told["dropped"] == {"silent": 0, "clipped": 1}
    assert told["empty"] == ["flute_acoustic_tiny_000_073"]
    assert told["left_out"] == {"not asked for": 1, "percussion": 1}


@pytest.mark.usefixtures("fluidsynth")
def test_drums_are_rendered_instead_of_pitched_presets(soundfont, tmp_path):
    out = tmp_path / "drums"
    options = ["--drums", "--velocities", "100", "--gain", "0.5", "--workers", "1"]
    assert main(["render", str(soundfont), "--out", str(out), *options]) == 0
    told = json.loads((out / "render.json").read_text())
    assert (told["velocities"], told["gain"], len(told["kinds"])) == ([100], 0.5, 47)
    assert told["left_out"] == {"no drum kit": 2}


@pytest.mark.usefixtures("fluidsynth")
def test_mixes_are_rendered_and_counted(band, tmp_path, capsys):
    out = tmp_path / "mixes"
    fonts = [word for s in ("train", "valid", "test") for word in (f"--{s}-soundfonts", str(band))]
    counts = ["--train", "3", "--valid", "1", "--test", "1", "--seed", "2"]
    assert main(["render", "mixes", "--out", str(out), *fonts, *counts, "--workers", "1"]) == 0
    lines = _lines(capsys)
    assert ["piano", "3", "1", "0"] in lines
    assert ["acoustic-guitar", "0", "0", "1"] in lines
    assert ["mixes", "3", "1", "1"] in lines
    assert len(list(out.rglob("*.wav"))) == 5
    assert {"manifest.parquet", "stems.parquet", "README.md"} <= {p.name for p in out.iterdir()}


_INTERRUPTIBLE = """
import signal, sys
from timbrespace.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # tests may run where it is ignored
sys.exit(main(sys.argv[1:]))
"""


def _interrupted(words: list[str], out: Path, *, when: str, after_s: float) -> tuple[int, str]:
    """Exit code and what was said; Ctrl-C comes so long after there is such a file in `out`."""
    command = [sys.executable, "-c", _INTERRUPTIBLE, *words, "--workers", "2"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, start_new_session=True) as process:
        while not any(out.glob(when)):
            time.sleep(0.01)
        time.sleep(after_s)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does, all at once
        said = process.communicate(timeout=60)[1]
    return process.returncode, said


_IMPORTS = {"when": "**", "after_s": 0.5}
_WORKERS_START = {"when": ".render/request.json", "after_s": 0.3}
_RENDERS = {"when": "**/*.wav", "after_s": 0.0}


@pytest.mark.parametrize(
    ("kind", "moments"),
    [("mixes", (_IMPORTS, _WORKERS_START, _RENDERS)), ("notes", (_WORKERS_START,))],
)
@pytest.mark.usefixtures("fluidsynth")
def test_ctrl_c_ends_quietly_and_the_next_run_goes_on(kind, moments, soundfont, band, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    few = ["--train", "40", "--valid", "0", "--test", "0", "--train-soundfonts", str(band)]
    words = ["mixes", *few] if kind == "mixes" else [str(soundfont), "--velocities", "100"]
    words = ["render", *words, "--out", str(out)]
    for moment in moments:
        code, said = _interrupted(words, out, **moment)
        assert (code, "Traceback" in said) == (130, False)
        assert said.endswith("\ntimbrespace render: stopped.\n")
        assert not (out / "render.json").exists()
    assert main([*words, "--workers", "1"]) == 0
    assert (out / "render.json").exists()


def test_open_notes_says_how_to_install_all_that_is_missing(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", ())
    assert main(["render", "open-notes", "--out", str(tmp_path / "out")]) == 2
    packages = " ".join(entry.package for entry in OPEN_NOTES)
    assert f"install with: apt-get install {packages}\n" in capsys.readouterr().err


def test_list_names_the_catalogue_and_how_to_install_it(capsys, monkeypatch):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", ())
    assert main(["render", "--list"]) == 0
    shown = capsys.readouterr().out
    assert all(entry.name in shown and entry.package in shown for entry in CATALOGUE)


def test_list_shows_where_a_soundfont_lies(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("TIMBRESPACE_SOUNDFONTS", str(tmp_path))
    (tmp_path / "TimGM6mb.sf2").touch()
    assert main(["render", "--list"]) == 0
    assert str(tmp_path / "TimGM6mb.sf2") in "".join(capsys.readouterr().out.split())


def test_presets_shows_keys_family_and_split(soundfont, capsys):
    assert main(["render", "--presets", str(soundfont)]) == 0
    lines = _lines(capsys)
    assert ["0", "0", "[b]Piano", "48-72", "keyboard", "train"] in lines
    assert ["0", "73", "Flute", "0-127", "flute", "test"] in lines
    assert ["128", "0", "Kit", "0-127", "percussion"] in lines


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name at least one SOUNDFONT"),
        (["nothing.sf2", "--out", "x"], "no SoundFont 'nothing.sf2'"),
        (["SOUNDFONT"], "--out is missing"),
        (["SOUNDFONT", "--out", "x", "--pitches", "C4"], "got 'C4'"),
        (["SOUNDFONT", "--out", "x", "--programs", "0:127"], "programs cannot be 55, 113"),
        (["SOUNDFONT", "--out", "SOUNDFONT"], "a file is where"),
        (["SOUNDFONT", "--drums", "--pitches", "60"], "keys: leave out --pitches."),
        (["open-notes"], "--out is missing"),
        (["open-notes", "--gain", "1"], "settings of its own: leave out --gain."),
        (["open-notes", "SOUNDFONT", "--out", "x"], "no SoundFont 'open-notes'"),
        (["SOUNDFONT", "--out", "x", "--train", "0"], "of `render mixes`: leave out --train."),
        (["mixes"], "--out is missing"),
        (["mixes", "--out", "x", "--drums"], "settings of their own: leave out --drums."),
        (["mixes", "--out", "x", "--train", "-1"], "must be 0 or more mixes"),
        (["mixes", "--out", "x", "--test-soundfonts", "nothing"], "no SoundFont 'nothing'"),
    ],
)
@pytest.mark.usefixtures("fluidsynth")
def test_wrong_input_is_explained(soundfont, capsys, arguments, message):
    named = [str(soundfont) if word == "SOUNDFONT" else word for word in arguments]
    assert main(["render", *named]) == 2
    assert message in capsys.readouterr().err


def test_without_fluidsynth_the_error_says_what_to_install(soundfont, tmp_path):
    """A module of that name that fails as pyfluidsynth does where the library is missing."""
    (tmp_path / "fluidsynth.py").write_text('raise ImportError("Couldn\'t find the library.")')
    command = [sys.executable, "-m", "timbrespace", "render", str(soundfont), "--out", "x"]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 2
    for words in ("Couldn't find", "apt-get install libfluidsynth3", "timbrespace[render]"):
        assert words in done.stderr


def test_help_loads_no_audio_library():
    script = (
        "import sys; from timbrespace.cli.render import parser; parser().format_help(); "
        "print([m for m in ('numpy', 'torch', 'pyarrow', 'fluidsynth') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
