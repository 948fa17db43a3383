import os

import pytest
from rich.progress import Progress
from rich.table import Table

from timbrespace.cli import shared
from timbrespace.errors import InputError


def test_a_file_in_a_new_folder_can_be_written(tmp_path):
    shared.check_output(tmp_path / "new" / "a.JSON", suffixes=(".json",))
    assert not any((tmp_path / "new").iterdir())


def test_a_file_that_is_there_is_left_as_it_is(tmp_path):
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    shared.check_output(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("folder", "is a folder"),
        ("file/a.json", "a file is where a folder must be"),
        ("a.gif", "must end in .json or .csv"),
        (f"{'x' * 300}.json", "name too long"),
    ],
)
def test_an_unusable_place_is_named(tmp_path, place, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    suffixes = () if place == "folder" else (".json", ".csv")
    with pytest.raises(InputError, match=rf"(?s){place[:9]}.*{message}"):
        shared.check_output(tmp_path / place, suffixes=suffixes)


def test_a_folder_is_made_and_a_file_is_no_folder(tmp_path):
    shared.check_output_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file: cannot be written"):
        shared.check_output_folder(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_place_is_named(tmp_path):
    (tmp_path / "a.json").touch(mode=0o400)
    with pytest.raises(InputError, match=r"a\.json: is there and must not be written to"):
        shared.check_output(tmp_path / "a.json")
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match=r"b\.json: .*Permission denied"):
        shared.check_output(tmp_path / "b.json")


def test_control_characters_never_reach_a_terminal(capsys):
    table = Table("a:drum:", title="b\x07")
    table.add_row("c\x1b[31m" + "d" * 900)
    shared.console().print(table)
    shared.console().print("e\x9b1m", markup=False)
    printed = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(printed)
    assert ":drum:" in printed
    assert printed.count("d") < 310


def test_a_name_is_one_short_line():
    assert shared.shown("a\n" * 500) == "a " * 29 + "a…"


def test_a_rate_counts_what_was_done_since_the_first_call(monkeypatch):
    now = iter([100.0, 100.0, 104.0, 104.0, 104.0, 104.0])
    monkeypatch.setattr("timbrespace.cli.shared.time.monotonic", lambda: next(now))
    bars = Progress(disable=True)
    show = shared.shown_in(bars, {"listening": "files"})
    show("listening", 1_000, 2_000)  # these were there from an earlier run
    show("listening", 1_080, 2_000)
    show("looking", 7, None)
    listening, looking = bars.tasks
    assert (listening.completed, listening.fields["note"]) == (1_080, "20 files/s")
    assert (looking.completed, looking.fields["note"]) == (7, "")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["--mixes", "1.5"], "--mixes must be a whole number, got 1.5."),
        (["--mixes="], "--mixes must be a whole number, got nothing."),
        (["--most-mixes", "1", "few"], "--most-mixes must be a whole number, got few."),
        (["--gain", "loud"], "--gain must be a number, got loud."),
    ],
)
def test_a_wrong_number_is_told_by_its_flag(typed, message, capsys):
    parser = shared.command_parser("name", "what it does")
    parser.add_argument("--mixes", type=int)
    parser.add_argument("--most-mixes", type=int, nargs="+")
    parser.add_argument("--gain", type=float)
    with pytest.raises(SystemExit) as stop:
        parser.parse_args(typed)
    assert stop.value.code == 2
    assert f"error: {message}\n" in capsys.readouterr().err
