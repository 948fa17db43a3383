import json

import numpy as np

from timbrespace.evaluation.report.parts import Section, Table, latex_table, markdown_table, plain


def table_of(cell):
    return Table(name="t", caption=cell, header=("a", "b"), rows=[(cell, "1")])


def test_a_cell_cannot_break_a_markdown_table():
    *_, row = markdown_table(table_of("a|b\n| <i>*x*</i> $y$ |")).splitlines()
    assert row == r"| a\|b \| \<i\>\*x\*\</i\> \$y\$ \| | 1 |"


def test_a_cell_cannot_break_a_latex_table():
    lines = latex_table(table_of("[50 % & \\input{x}] #_^~$\n–")).splitlines()
    expected = (
        r"{[}50 \% \& \textbackslash{}input\{x\}] \#\_\textasciicircum{}\textasciitilde{}\$ --"
    )
    assert lines[1] == rf"\caption{{{expected}}}\label{{tab:t}}"
    assert lines[6] == rf"{expected} & 1 \\"


def test_columns_that_name_are_left_aligned():
    table = Table(name="t", caption="", header=("a", "b", "c"), rows=[("x", "y", "1")], n_names=2)
    assert "|---|---|---:|" in markdown_table(table)
    assert r"\begin{tabular}{llr}" in latex_table(table)


def test_plain_records_are_json():
    record = {"a": np.float64(0.5), "b": np.arange(2), 3: (float("inf"), None, "text", True)}
    text = json.dumps(plain(record), allow_nan=False)
    assert json.loads(text) == {"a": 0.5, "b": [0, 1], "3": [None, None, "text", True]}


def test_a_heading_is_the_name_in_words():
    assert Section(name="front-end").title == "Front end"
