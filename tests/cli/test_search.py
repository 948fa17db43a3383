import json
import re
import shutil

import pytest
import torch

from timbrespace.cli import main
from timbrespace.library import Library
from timbrespace.models import Encoder, LogMel, ResNet, Statistics, save_encoder


@pytest.fixture(scope="module")
def folder(tone_manifest, tmp_path_factory):
    """A library of tones of three instruments."""
    torch.manual_seed(0)
    backbone = ResNet(blocks=[1], channels=[16], stem_stride=2)
    encoder = Encoder(LogMel(n_bands=16), backbone, Statistics(n_features=16), embedding_size=8)
    folder = tmp_path_factory.mktemp("library")
    save_encoder(encoder.eval(), folder / "encoder", name="toy")
    with Library.open(folder) as library:
        library.add(tone_manifest["path"].to_pylist()[:36], folder / "encoder")
    return folder


@pytest.fixture
def tones(tone_manifest):
    return tone_manifest["path"].to_pylist()[:36]


@pytest.fixture
def search(folder, tmp_path, capsys):
    """Runs the command; gives its exit code, what it printed and the sounds of its JSON file."""

    def run(*arguments):
        out = tmp_path / "found.json"
        out.unlink(missing_ok=True)
        words = [*map(str, arguments), "--library", str(folder), "--json", str(out)]
        code = main(["search", *words])
        sounds = json.loads(out.read_text())["sounds"] if out.exists() else None
        return code, capsys.readouterr(), sounds

    return run


def test_by_example_ranks_and_leaves_the_example_out(search, tones):
    code, printed, sounds = search("--like", tones[0], "--top", 5)
    assert code == 0
    assert len(sounds) == 5
    assert tones[0] not in {sound["path"] for sound in sounds}
    scores = [sound["score"] for sound in sounds]
    assert scores == sorted(scores, reverse=True)
    for word in ("score", "timbre", "pitch", "envelope", "brightness"):
        assert word in printed.out


def test_a_narrow_terminal_shows_where_the_sounds_are(search, tones, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    _, printed, sounds = search("--like", tones[0], "--top", 5)
    lines = printed.out.splitlines()
    assert max(map(len, (re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines))) <= 80
    for sound in sounds:
        assert sound["path"][-20:] in printed.out


def test_what_is_piped_holds_whole_paths(search, tones, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    _, printed, sounds = search("--like", tones[0], "--top", 5)
    for sound in sounds:
        assert sound["path"] in printed.out


def test_a_file_from_elsewhere_is_heard(search, tones, tmp_path):
    shutil.copy(tones[0], tmp_path / "mine.wav")
    _, _, sounds = search("--like", tmp_path / "mine.wav", "--top", 1)
    assert sounds[0]["path"] == tones[0]
    assert sounds[0]["score"] == pytest.approx(1, abs=1e-3)  # float16
    assert sounds[0]["envelope"] == 1


def test_by_words_and_ranges(search):
    _, _, sounds = search("0-", "--pitch", "C3..G3", "--duration", "..1s", "--top", 100)
    assert {sound["path"].rsplit("/", 1)[1] for sound in sounds} == {
        f"0-{pitch}.wav" for pitch in (48, 50, 52, 54)
    }
    assert sounds[0]["score"] is None


def test_aspects_are_weighed(search, tones):
    _, _, sounds = search("--like", tones[0], "--weights", "pitch=1", "--top", 2)
    assert all(sound["path"].endswith("-48.wav") for sound in sounds)
    assert sounds[0]["score"] == sounds[0]["pitch"]


def test_copies_and_playlist(search, tones, tmp_path):
    outputs = ["--copy-to", tmp_path / "picks", "--m3u", tmp_path / "picks.m3u"]
    _, _, sounds = search("--like", tones[0], "--unlike", tones[20], "--top", 3, *outputs)
    names = [sound["path"].rsplit("/", 1)[1] for sound in sounds]
    assert sorted(path.name for path in (tmp_path / "picks").iterdir()) == sorted(names)
    assert (tmp_path / "picks.m3u").read_text().count("#EXTINF") == 3


def test_nothing_found_is_said(search):
    code, printed, sounds = search("no-such-word")
    assert (code, sounds) == (0, [])
    assert "nothing found" in printed.out


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--pitch", "H3"], "is no range"),
        (["--weights", "timbre"], "NAME=NUMBER"),
        (["--weights", "smell=1"], "no aspect"),
        (["--top", "0"], "--top"),
        (["--like", "nowhere.wav"], "nowhere.wav"),
        (["--m3u", "list.txt"], ".m3u"),
    ],
)
def test_wrong_input_is_said(search, wrong, message):
    code, printed, _ = search(*wrong)
    assert code == 2
    assert message in printed.err


def test_a_missing_library_is_said(tmp_path, capsys):
    assert main(["search", "kick", "--library", str(tmp_path / "none")]) == 2
    assert "timbrespace library add" in capsys.readouterr().err


def test_tags_are_given_found_and_written(folder, tones, tmp_path, capsys, search):
    library = ["--library", str(folder)]
    table = tmp_path / "tags.csv"
    tag = ["library", "tag", "--file", tones[1], "--add", "plucked", "--csv", str(table)]
    assert main([*tag, *library]) == 0
    assert "1 sounds tagged" in capsys.readouterr().out
    assert "plucked" in table.read_text()
    _, _, sounds = search("--tag", "plucked")
    assert [sound["path"] for sound in sounds] == [tones[1]]
    assert main(["library", "tag", "plucked", "--remove", "plucked", *library]) == 0
    assert search("--tag", "plucked")[2] == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "nothing to do"),
        (["--add", "x"], "say what to tag"),
        (["--add", "x", "--file", "nowhere.wav"], "is not in the library"),
        (["--add", "x", "--like", "a.wav"], "--top"),
        (["--add", " ", "bass"], "a tag must be"),
    ],
)
def test_wrong_tagging_is_said(folder, capsys, wrong, message):
    assert main(["library", "tag", *wrong, "--library", str(folder)]) == 2
    assert message in capsys.readouterr().err


def test_duplicates_are_listed(folder, tmp_path, capsys):
    out = tmp_path / "twice.json"
    arguments = ["--library", str(folder), "--least", "1", "--json", str(out)]
    assert main(["duplicates", *arguments]) == 0
    groups = json.loads(out.read_text())["groups"]
    printed = capsys.readouterr().out
    assert ("no duplicates" in printed) == (not groups)
    assert main(["duplicates", "--library", str(folder), "--least", "0"]) == 2
