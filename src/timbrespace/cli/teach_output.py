"""What `timbrespace teach` prints and writes.

Comes in: names of classes and a judgement. Goes out: lines and a table on standard output, a record
for JSON.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from timbrespace.cli.shared import shown

if TYPE_CHECKING:
    from timbrespace.identification import Judgement

_MOST_COLUMNS = 12
_MOST_CONFUSIONS = 10


def print_judgement(
    out: Console, names: tuple[str, ...], judgement: Judgement, *, grouped_by: str | None
) -> None:
    """How good the classifier is, and what it takes for what."""
    low, high = judgement.interval
    folds = f" in {judgement.n_folds} folds" if judgement.n_folds else ""
    apart = f", no {shown(grouped_by)} in two" if grouped_by else ""
    out.print(
        f"{len(names)} classes, {judgement.n_sounds:,} sounds judged{folds}{apart}\n"
        f"right: {_percent(judgement.accuracy)} (95 %: {100 * low:.1f}–{100 * high:.1f}), mean of "
        f"classes {_percent(judgement.balanced_accuracy)}; always saying the most frequent class: "
        f"{_percent(judgement.majority)}\n"
        f"probabilities are off by {_percent(judgement.calibration_error)} (expected calibration "
        "error)"
    )
    if len(names) <= _MOST_COLUMNS:
        _print_matrix(out, names, judgement.confusion)
    else:
        out.print(f"among the five likeliest: {_percent(judgement.top5_accuracy)}")
        _print_confusions(out, names, judgement.confusion)


def record_of(
    names: tuple[str, ...], judgement: Judgement, *, grouped_by: str | None
) -> dict[str, Any]:
    """Everything that was measured, ready for JSON."""
    return {
        "grouped_by": grouped_by,
        "classes": list(names),
        **judgement.numbers(),
        "reliability": [asdict(entry) for entry in judgement.bins],
        "confusion": judgement.confusion.tolist(),
    }


def _print_matrix(out: Console, names: tuple[str, ...], confusion: Any) -> None:
    numbers = [str(number) for number in range(1, len(names) + 1)]
    table = Table("taken for", box=SIMPLE_HEAD, pad_edge=False)
    table.show_edge = False
    for number in numbers:
        table.add_column(number, justify="right")
    for number, name, counts in zip(numbers, names, confusion, strict=True):
        table.add_row(f"{number} {shown(name)}", *(str(count or "·") for count in counts))
    out.print(table)


def _print_confusions(out: Console, names: tuple[str, ...], confusion: Any) -> None:
    """The most frequent errors; a matrix of all classes would fit no terminal."""
    wrong = [
        (int(count), truth, said)
        for truth, counts in enumerate(confusion)
        for said, count in enumerate(counts)
        if count and truth != said
    ]
    out.print("most often wrong:" if wrong else "none was wrong")
    for count, truth, said in sorted(wrong, reverse=True)[:_MOST_CONFUSIONS]:
        total = int(confusion[truth].sum())
        out.print(f"  {shown(names[truth])} taken for {shown(names[said])}: {count} of {total}")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
