import csv
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from timbrespace.errors import InputError
from timbrespace.tagging import Activity
from timbrespace.tagging.table import open_table, stamp_of

NAMES = ["plain.wav", 'com,ma "quoted".wav', "two\r\nlines.wav", "=SUM(A1).wav", "a\n.wav"]


@pytest.fixture
def music(tmp_path):
    """Files with odd names; the table only asks for their size and time."""
    folder = tmp_path / "music"
    folder.mkdir()
    files = [folder / name for name in NAMES]
    files.append(Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.wav")))
    for file in files:
        file.write_bytes(b"RIFF")
    return files


def found_in(path):
    rates = np.float32([[len(path.name) / 100, 0.75, 0]])
    return Activity(np.zeros(1), rates, ("flute", "organ", "voice"), np.full(3, 0.5), 1.0, 0.5, 1.0)


def hear(table_file, tagger, music, **options):
    """What `tag` does; returns which files were heard."""
    with open_table(table_file, tagger, music, **options) as table:
        left = [path for path in music if not table.holds(path)]
        for path in left:
            table.add(path, stamp_of(path), found_in(path))
    return left


def rows_of(table_file):
    with table_file.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_row_tells_what_leads(tagger, music, tmp_path):
    table_file = tmp_path / "a.csv"
    with open_table(table_file, tagger, music, hop_s=0.25, threshold=0.5) as table:
        table.add(music[0], stamp_of(music[0]), found_in(music[0]))
        table.add(music[1], stamp_of(music[1]), "is silent;\nnothing to hear")
    good, bad = rows_of(table_file)
    status = music[0].stat()
    assert good.pop("tagger") == bad["tagger"] != ""
    assert good == {
        "path": str(music[0]),
        "size_bytes": "4",
        "mtime_ns": str(status.st_mtime_ns),
        "hop_s": "0.25",
        "threshold": "0.5",
        "duration_s": "1.000",
        "labels": "organ",
        "problem": "",
        "flute": "0.0900",
        "organ": "0.7500",
        "voice": "0.0000",
    }
    assert (bad["path"], bad["problem"]) == (str(music[1]), "is silent; nothing to hear")
    assert bad["duration_s"] == bad["labels"] == bad["flute"] == ""


def test_odd_names_come_back(tagger, music, tmp_path):
    assert hear(tmp_path / "a.csv", tagger, music) == music
    *paths, last = [row["path"] for row in rows_of(tmp_path / "a.csv")]
    assert paths == [str(path) for path in music[:-1]]
    assert last == rf"{tmp_path}/music/caf\udce9.wav"
    assert hear(tmp_path / "a.csv", tagger, music) == []


def test_no_cell_is_a_formula(tagger, music, tmp_path):
    tagger.classes = ("=cmd()", "+1", "@a")
    with open_table(tmp_path / "a.csv", tagger, music) as table:
        table.add(music[0], stamp_of(music[0]), "-1")
        for cell in ("=cmd()", "\tcmd"):
            activity = Activity(
                np.zeros(1), np.ones((1, 3)), (cell, "b", "c"), np.full(3, 0.5), 1, 1, 1
            )
            table.add(music[1], stamp_of(music[1]), activity)
    with (tmp_path / "a.csv").open(newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell[:1] in tuple("=+-@\t")]


def test_a_table_that_another_program_saved_is_gone_on_with(tagger, music, tmp_path):
    """With a byte order mark, other line ends and other order."""
    table_file = tmp_path / "a.csv"
    hear(table_file, tagger, music[:2])
    header, *rows = table_file.read_text(encoding="utf-8").splitlines(keepends=True)
    saved = "".join([header, *reversed(rows)])
    table_file.write_text(saved, encoding="utf-8-sig", newline="\n")
    assert hear(table_file, tagger, music) == music[2:]
    assert len(rows_of(table_file)) == len(music)


def test_wherever_a_table_is_cut_off_each_file_gets_one_row(tagger, music, tmp_path, monkeypatch):
    monkeypatch.setattr("timbrespace.tagging.table.tagger_hash", lambda tagger: "17")
    table_file, music = tmp_path / "a.csv", music[1:4]
    hear(table_file, tagger, music)
    whole = table_file.read_bytes()
    expected = sorted(row["path"] for row in rows_of(table_file))
    header = whole.index(b"\n") + 1  # is there before the table is
    for end in range(header, len(whole) + 1):
        table_file.write_bytes(whole[:end])
        heard = hear(table_file, tagger, music)
        assert len(heard) <= len(music) - whole[:end].count(b"0.0000\r\n")
        assert sorted(row["path"] for row in rows_of(table_file)) == expected


def test_what_changed_is_heard_again(tagger, music, tmp_path):
    table_file = tmp_path / "a.csv"
    hear(table_file, tagger, music)
    music[2].write_bytes(b"RIFF more")
    os.utime(music[4], ns=(0, 1_234_567_891))
    assert hear(table_file, tagger, music) == [music[2], music[4]]
    assert hear(table_file, tagger, music, hop_s=0.25) == music
    assert hear(table_file, tagger, music, hop_s=0.25, threshold=0.9) == music
    tagger.name = "renamed"
    assert hear(table_file, tagger, music, hop_s=0.25, threshold=0.9) == []
    with torch.no_grad():
        next(tagger.network.parameters()).mul_(2)
    assert hear(table_file, tagger, music, hop_s=0.25, threshold=0.9) == music
    tagger.thresholds = tagger.thresholds / 2
    assert hear(table_file, tagger, music, hop_s=0.25, threshold=0.9) == music
    assert len(rows_of(table_file)) == len(music)


def test_what_could_not_be_heard_is_tried_again(tagger, music, tmp_path):
    with open_table(tmp_path / "a.csv", tagger, music) as table:
        table.add(music[0], stamp_of(music[0]), "no permission to read it.")
        table.add(tmp_path / "gone.wav", stamp_of(tmp_path / "gone.wav"), "no such file.")
    assert hear(tmp_path / "a.csv", tagger, music) == music


def test_what_is_asked_anew_is_heard_again(tagger, music, tmp_path):
    hear(tmp_path / "a.csv", tagger, music)
    assert hear(tmp_path / "a.csv", tagger, music, anew={music[3]}.__contains__) == [music[3]]


def test_rows_of_other_files_stay(tagger, music, tmp_path):
    hear(tmp_path / "a.csv", tagger, music[:2])
    hear(tmp_path / "a.csv", tagger, music[2:])
    assert hear(tmp_path / "a.csv", tagger, music) == []


def test_a_file_is_one_however_it_is_named(tagger, music, tmp_path, monkeypatch):
    hear(tmp_path / "a.csv", tagger, music[:1])
    monkeypatch.chdir(tmp_path / "music")
    named = [Path("../music/plain.wav"), Path("plain.wav"), Path("./plain.wav")]
    assert hear(tmp_path / "a.csv", tagger, named) == []


@pytest.mark.parametrize("content", ["my,own,table\n1,2,3\n", "a" * 200_000, "\x00\x01"])
def test_other_files_are_not_replaced(tagger, music, tmp_path, content):
    (tmp_path / "a.csv").write_text(content + "\n")
    with pytest.raises(InputError, match=r"a\.csv: "):
        hear(tmp_path / "a.csv", tagger, music)
    assert (tmp_path / "a.csv").read_text() == content + "\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.csv.lock", "a.csv", "music"]


def test_a_table_of_other_classes_is_not_replaced(tagger, music, tmp_path):
    hear(tmp_path / "a.csv", tagger, music)
    tagger.classes = ("oboe", "organ", "voice")
    with pytest.raises(InputError, match="no table of this tagger's classes"):
        hear(tmp_path / "a.csv", tagger, music)


def test_two_at_once_are_refused(tagger, music, tmp_path):
    with (
        open_table(tmp_path / "a.csv", tagger, music),
        pytest.raises(InputError, match="another process is tagging"),
    ):
        hear(tmp_path / "a.csv", tagger, music)
