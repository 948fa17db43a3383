"""What a report is made of: sections, with tables that can be printed in three languages.

Comes in: results as text and numbers. Goes out: `Table`s, also as Markdown and LaTeX, and
`Section`s. Cells are plain text; whoever prints them escapes them, for a file's name may hold
anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKDOWN = {character: f"\\{character}" for character in "\\`*_{}[]<>|#$"} | {"\n": " "}
_LATEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "[": "{[}",  # at the start of a row it would belong to the row before
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "×": r"$\times$",
    "\n": " ",
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of text; the first columns name the rows.

    Attributes:
        name: short, for files and links.
        caption: what it shows and how to read it.
        header: names of the columns.
        rows: cells, as many a row as there are columns.
        n_names: columns that name the rows; the others hold numbers.
    """

    name: str
    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    n_names: int = 1

    @property
    def n_numbers(self) -> int:
        """Columns that hold numbers."""
        return len(self.header) - self.n_names


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure with its caption.

    Attributes:
        name: short, for files and links.
        caption: what it shows and how to read it.
        figure: the figure.
    """

    name: str
    caption: str
    figure: Figure


@dataclass(frozen=True, kw_only=True)
class Section:
    """One question and its answer.

    Attributes:
        name: short, for links; in words, the heading.
        text: paragraphs.
        tables: to be shown after the text.
        pictures: to be shown after the tables.
        listings: longer texts, as a recipe, by their titles.
        record: the same numbers for JSON, unrounded.
        skipped: why there is no answer; None if there is one.
    """

    name: str
    text: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    listings: Mapping[str, str] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    skipped: str | None = None

    @property
    def title(self) -> str:
        """Heading."""
        return self.name.replace("-", " ").capitalize()


def markdown_table(table: Table) -> str:
    r"""A table in GitHub's Markdown, caption first.

    Example:
        >>> table = Table(name="t", caption="Rates.", header=("system", "EER"), rows=[("a_b", "5")])
        >>> print(markdown_table(table))
        Rates.
        <BLANKLINE>
        | system | EER |
        |---|---:|
        | a\_b | 5 |
    """
    marks = "|---" * table.n_names + "|---:" * table.n_numbers + "|"
    lines = [_markdown_row(row) for row in (table.header, *table.rows)]
    return "\n".join([_escaped(table.caption, _MARKDOWN), "", lines[0], marks, *lines[1:]])


def latex_table(table: Table) -> str:
    r"""A table in LaTeX, with the rules of the package booktabs.

    Example:
        >>> table = Table(name="t", caption="Rates.", header=("system", "EER"), rows=[("a_b", "5")])
        >>> print(latex_table(table))
        \begin{table}
        \caption{Rates.}\label{tab:t}
        \begin{tabular}{lr}
        \toprule
        system & EER \\
        \midrule
        a\_b & 5 \\
        \bottomrule
        \end{tabular}
        \end{table}
    """
    head, *body = [_latex_row(row) for row in (table.header, *table.rows)]
    return "\n".join(
        [
            r"\begin{table}",
            rf"\caption{{{_escaped(table.caption, _LATEX)}}}\label{{tab:{table.name}}}",
            rf"\begin{{tabular}}{{{'l' * table.n_names + 'r' * table.n_numbers}}}",
            r"\toprule",
            head,
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
        ]
    )


def plain(value: Any) -> Any:
    """A result in JSON's types: what is not finite becomes null, NumPy's numbers become Python's.

    Example:
        >>> plain({"eers": (0.5, float("nan")), 1: None})
        {'eers': [0.5, None], '1': None}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _markdown_row(row: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell, _MARKDOWN) for cell in row)} |"


def _latex_row(row: Sequence[str]) -> str:
    return " & ".join(_escaped(cell, _LATEX) for cell in row) + r" \\"


def _escaped(text: str, replacements: Mapping[str, str]) -> str:
    return "".join(replacements.get(character, character) for character in text)
