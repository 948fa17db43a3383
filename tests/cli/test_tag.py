import csv
import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile
import torch

from timbrespace.cli import main
from timbrespace.models import Encoder, LogMel, ResNet, Statistics
from timbrespace.tagging import Tagger, TaggingNetwork, load_tagger, save_tagger

RATE = 16_000


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tagger that finds organs likely, flutes unlikely, and never says voice."""
    torch.manual_seed(0)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    network = TaggingNetwork.on(encoder, n_classes=3)
    torch.nn.init.zeros_(network.head[-1].weight)
    network.head[-1].bias.data = torch.tensor([-2.0, 2.0, 0.0])
    folder = tmp_path_factory.mktemp("models") / "toy"
    save_tagger(
        Tagger(network, ["flute", "organ", "voice"], [0.5, 0.5, np.inf]), folder, name="toy"
    )
    return str(folder)


def write(path, rng, seconds=2.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * rng.standard_normal(round(seconds * RATE)), RATE)
    return path


@pytest.fixture
def folder(tmp_path, rng):
    """Three good files, of which one is silent, and three bad ones."""
    music = tmp_path / "music"
    write(music / "a.wav", rng)
    write(music / "deep" / "a.flac", rng, 3.0)
    soundfile.write(music / "silence.wav", np.zeros(RATE), RATE)
    (music / "text.wav").write_text("no audio")
    (music / "empty.mp3").touch()
    (music / "old.m4a").write_bytes(b"\0\0\0\x18ftypM4A ")
    return music


def tag(model, *arguments):
    return main(["tag", *map(str, arguments), "--model", model])


def rows_of(table_file):
    with table_file.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_file_is_told_in_a_table(model, tmp_path, rng, capsys):
    path = write(tmp_path / "a.wav", rng, 75.0)
    assert tag(model, path) == 0
    title, header, *rows, end = capsys.readouterr().out.splitlines()
    assert title == f"{path}, 1:15: organ 88 %"
    assert header.split() == ["probability", "threshold", "leads"]
    assert [row.split()[0] for row in rows] == ["organ", "voice", "flute"]
    assert rows[0].split()[1:] == ["88.1", "%", "≥", "50.0", "%", "█" * 9, "0:00–1:15"]
    assert rows[1].split()[1:] == ["50.0", "%", "never", "said", "█" * 5]
    assert rows[2].split()[3:6] == ["<", "50.0", "%"]
    assert end.endswith(" × real time")


def test_times_are_those_of_the_spans(model, tmp_path, rng, capsys):
    noise = 0.1 * rng.standard_normal(round(10.3 * RATE))
    for start, end in ((3, 5.3), (6.2, 7.3)):
        noise[round(start * RATE) : round(end * RATE)] = 0
    soundfile.write(tmp_path / "a.wav", noise, RATE)
    options = ["--threshold", "0.85", "--hop", "0.1", "--labels", tmp_path / "a.txt"]
    assert tag(model, tmp_path / "a.wav", *options) == 0
    title, _, *organ = capsys.readouterr().out.partition(" voice")[0].splitlines()
    spans = [line.split("\t")[:2] for line in (tmp_path / "a.txt").read_text().splitlines()]
    assert [tuple(map(float, span)) for span in spans] == [(0, 3), (5.3, 6.2), (7.3, 10.3)]
    assert title.startswith(f"{tmp_path}/a.wav, 0:10.3: ")
    told = " ".join(line.split("█")[-1].strip() for line in organ)
    assert told == "0:00–0:03, 0:05.3–0:06.2, 0:07.3–0:10.3"


def test_silence_has_no_instrument(model, tmp_path, capsys):
    soundfile.write(tmp_path / "a.wav", np.zeros(RATE), RATE)
    assert tag(model, tmp_path / "a.wav", "--threshold", "0") == 0
    assert capsys.readouterr().out.endswith("0:01: silence\n")


def test_a_threshold_and_a_hop_of_ones_own(model, tmp_path, rng, capsys):
    path = write(tmp_path / "a.wav", rng)
    options = ["--threshold", "0.9", "--hop", "0.25", "--json", tmp_path / "a.json"]
    assert tag(model, path, *options) == 0
    assert "no instrument reaches its threshold" in capsys.readouterr().out
    (record,) = json.loads((tmp_path / "a.json").read_text())["files"]
    assert (record["path"], record["labels"], record["hop_s"]) == (str(path), [], 0.25)
    assert record["thresholds"] == dict.fromkeys(("flute", "organ", "voice"), 0.9)
    assert len(record["timeline"]["probabilities"]) == 8


def test_a_file_is_written_as_labels_and_picture(model, tmp_path, rng):
    path = write(tmp_path / "a.wav", rng)
    places = ["--labels", tmp_path / "out" / "a.txt", "--figure", tmp_path / "out" / "a.svg"]
    assert tag(model, path, *places) == 0
    assert (tmp_path / "out" / "a.txt").read_text() == "0.000000\t2.000000\torgan\n"
    assert (tmp_path / "out" / "a.svg").stat().st_size > 1_000


def test_many_files_take_a_line_each_and_bad_ones_are_listed(model, folder, capsys):
    assert tag(model, folder) == 1
    out, err = capsys.readouterr()
    *lines, end = out.splitlines()
    assert lines == [
        f"{folder}/a.wav: organ 88 %",
        f"{folder}/deep/a.flac: organ 88 %",
        f"{folder}/silence.wav: silence",
    ]
    assert end == "6 files, 0:06 heard"
    assert "3 skipped:" in err
    assert "empty.mp3: the file is empty" in err
    assert "old.m4a: cannot be decoded" in err
    assert "text.wav: cannot be decoded" in err


def test_every_file_gets_a_row_a_record_labels_and_a_picture(model, folder, tmp_path):
    out = tmp_path / "out"
    options = ["--csv", tmp_path / "a.csv", "--json", tmp_path / "a.json"]
    assert tag(model, folder, *options, "--labels", out, "--figure", out) == 1
    names = ["a.wav", "deep/a.flac", "empty.mp3", "old.m4a", "silence.wav", "text.wav"]
    paths = [str(folder / name) for name in names]
    records = json.loads((tmp_path / "a.json").read_text())["files"]
    assert [row["path"] for row in rows_of(tmp_path / "a.csv")] == paths
    assert [record["path"] for record in records] == paths
    assert [bool(row["problem"]) for row in rows_of(tmp_path / "a.csv")] == [
        "problem" in record for record in records
    ]
    written = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    good = ["a.wav", "deep/a.flac", "silence.wav"]
    assert written == {f"{name}{suffix}" for name in good for suffix in (".txt", ".png")}
    assert (out / "silence.wav.txt").read_text() == ""


def test_what_is_in_the_table_is_not_heard_again(model, folder, tmp_path, rng, capsys):
    for name in ("text.wav", "empty.mp3", "old.m4a"):
        (folder / name).unlink()
    command = [model, folder, "--csv", tmp_path / "a.csv"]
    assert tag(*command) == 0
    write(folder / "a.wav", rng, 1.0)
    capsys.readouterr()
    assert tag(*command) == 0
    line, end = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{folder}/a.wav: ")
    assert end == f"3 files, 2 of them heard before, 0:01 heard, table: {tmp_path}/a.csv"
    assert sorted(row["duration_s"] for row in rows_of(tmp_path / "a.csv")) == [
        "1.000",
        "1.000",
        "3.000",
    ]
    assert tag(model, folder / "a.wav", *command[2:]) == 0
    assert capsys.readouterr().out == f"heard before, table: {tmp_path}/a.csv\n"
    assert tag(*command) == 0
    assert capsys.readouterr().err.strip() == ""  # no bar of nothing
    assert tag(*command, "--labels", tmp_path / "labels") == 0  # which are not there yet
    assert capsys.readouterr().out.count("organ 88 %") == 2
    assert len(rows_of(tmp_path / "a.csv")) == 3


def test_a_process_that_is_killed_goes_on(model, tmp_path, rng):
    music = [write(tmp_path / "music" / f"{number:02}.wav", rng, 20.0) for number in range(30)]
    table_file = tmp_path / "a.csv"
    command = ["tag", str(tmp_path / "music"), "--model", model, "--csv", str(table_file)]
    program = [sys.executable, "-m", "timbrespace", *command]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not table_file.exists() or table_file.read_bytes().count(b"\n") < 4:
        assert process.poll() is None, "finished before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    first = table_file.read_bytes()
    assert 4 <= first.count(b"\r\n") < 31
    assert main(command) == 0
    assert table_file.read_bytes().startswith(first[: first.rindex(b"\n") + 1])  # not heard again
    assert sorted(row["path"] for row in rows_of(table_file)) == [str(path) for path in music]


def test_an_interrupt_says_how_to_go_on(model, folder, tmp_path, monkeypatch, capsys):
    def stop(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Tagger, "tag", stop)
    assert tag(model, folder) == 130
    assert capsys.readouterr().err.endswith("timbrespace tag: stopped.\n")
    assert tag(model, folder, "--csv", tmp_path / "a.csv", "--json", tmp_path / "a.json") == 130
    assert capsys.readouterr().err.endswith("stopped; the same command goes on.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.csv.lock", "a.csv", "music"]


def test_letters_that_the_font_lacks_are_no_trouble(model, tmp_path, rng, capsys):
    path = write(tmp_path / "日本語.wav", rng)
    assert tag(model, path, "--figure", tmp_path / "a.png") == 0
    assert "Glyph" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.wav"], "nothing.wav: no such file or folder"),
        (["music", "--hop", "2"], "--hop must be from 0.01 to 1, got 2"),
        (["music", "--threshold", "1.5"], "--threshold must be from 0 to 1, got 1.5"),
        (["music", "--csv", "music/a.wav"], "the name must end in .csv"),
        (["music/a.wav", "--labels", "music/a.wav"], "the name must end in .txt"),
        (["music/a.wav", "--figure", "a.gif"], "a figure's name ends in"),
        (["music", "--figure", "a.png"], "several files are tagged; name a folder"),
        (["music", "--labels", "music/a.wav"], "a file is where a folder must be"),
        (["music/a.wav", "other/a.wav", "--labels", "out"], "would be written to one place"),
    ],
)
def test_what_cannot_be_done_is_said(
    model, folder, rng, arguments, message, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "other" / "a.wav", rng)
    assert tag(model, *arguments) == 2
    assert message in capsys.readouterr().err
    assert soundfile.info(folder / "a.wav").frames == 2 * RATE


def test_a_model_that_is_none_is_refused(folder, capsys):
    assert tag(str(folder), folder) == 2
    assert "config.json: no such file" in capsys.readouterr().err


def test_real_music_gets_an_answer(test_data, tmp_path, capsys):
    (clip, *_) = sorted((test_data / "loader_samples" / "irmas").rglob("*.wav"))
    assert main(["tag", str(clip), "--figure", str(tmp_path / "a.png")]) == 0
    out = capsys.readouterr().out
    assert sum(name in out for name in load_tagger().classes) == 8
