"""Write docs/experiments.md from the results that are kept.

    python experiments/table.py [RESULTS.jsonl]

Comes in: lines as `run.py` writes them. Goes out: the page, a table for each question: means over
seeds, of equal error rates in per cent and of nearest-neighbour accuracy in per cent.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import mean

from questions import INTRODUCTION, QUESTIONS, Question

_HERE = Path(__file__).parent
_PAGE = _HERE.parent / "docs" / "experiments.md"
_MEASURES = ("valid", "test", "philharmonia", "neighbour", "second_maker", "makers")

Lines = list[dict]


def main(file: Path) -> None:
    """Write the page."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    parts = [INTRODUCTION, *(_section(question, lines) for question in QUESTIONS.values())]
    _PAGE.write_text("\n".join(part for part in parts if part))


def _section(question: Question, lines: Lines) -> str:
    """Heading, prediction and table; empty while nothing was measured."""
    by_changes: dict[str, Lines] = {}
    for line in lines:
        by_changes.setdefault(line["changes"], []).append(line)
    rows = [
        _row(variant, by_changes[" ".join(changes)])
        for variant, changes in question.variants.items()
        if " ".join(changes) in by_changes
    ]
    if len(rows) < 2:
        return ""
    head = ["variant", "seeds", *_MEASURES]
    rule = ["---", *["---:"] * (len(head) - 1)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
    return (
        f"## {question.text}\n\n*Predicted:* {question.prediction}\n\n{table}\n\n"
        f"*Found:* {question.finding}\n"
    )


def _row(variant: str, runs: Lines) -> list[str]:
    seeds = len({run["seed"] for run in runs})
    return [variant, str(seeds), *(f"{mean(run[name] for run in runs):.1f}" for name in _MEASURES)]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else _HERE / "results.jsonl")
