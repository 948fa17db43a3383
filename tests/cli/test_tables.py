import pytest

from timbrespace.cli.tables import fitting_widths, print_table
from timbrespace.evaluation.report import Table

TABLE = Table(
    name="scores",
    caption="Scores [of 3].",
    header=("system", "F1 micro", "F1 macro", "LRAP", "mAP"),
    rows=[
        ("pre-trained on notes", *["0.367 ± 0.027"] * 4),
        ("ours: pre-trained, class-balanced loss", *["0.386 ± 0.011"] * 4),
    ],
)


@pytest.mark.parametrize("n_letters", [40, 60, 80, 107])
def test_a_table_fits_the_line_and_breaks_no_word(n_letters, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(n_letters))
    print_table(TABLE)
    lines = [line for line in capsys.readouterr().out.splitlines() if line[0] in "┏┃┡│└"]
    assert max(map(len, lines)) <= n_letters
    words = " ".join(lines).split()
    assert {"pre-trained", "class-balanced", "0.367", "±", "micro", "F1"} <= set(words)


def test_columns_that_have_no_room_are_named(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_table(TABLE)
    out = capsys.readouterr().out
    assert "│ 0.367 ± 0.027 │ 0.367 ± 0.027 │ 0.367 ± 0.027 │" in out
    assert "\nScores [of 3].\nLeft out, for want of room: mAP.\n" in out


def test_a_table_with_room_is_whole():
    assert fitting_widths(TABLE, 107) == [38, 13, 13, 13, 13]
    assert len(fitting_widths(TABLE, 106)) == 5  # names take two lines
