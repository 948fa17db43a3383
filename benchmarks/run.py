"""Run every benchmark and write docs/benchmarks.md.

Comes in: nothing, or the names of benchmarks to run again (`run.py embedding memory`); the others
keep their sections. Goes out: the page. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import importlib
import re
import sys
from datetime import UTC, datetime

from common import HERE, machine

NAMES = (
    "default",
    "embedding",
    "training",
    "memory",
    "verification",
    "probing",
    "rendering",
    "startup",
    "search",
    "serving",
    "mixes",
    "tagging_training",
)
PAGE = HERE.parent / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

Written by `make bench` (`python benchmarks/run.py [NAME ...]`). A machine's speed drifts by tens of
per cent within minutes, so systems that are compared take turns, and what counts is their ratio.
"""


def main(names: list[str]) -> None:
    """Measure what was asked for and write the page anew."""
    sections = _sections(PAGE.read_text()) if PAGE.is_file() else {}
    for name in names or NAMES:
        print(f"{name} …", flush=True)
        text = importlib.import_module(name).measure().strip()
        sections[name] = f"{text}\n\n*{datetime.now(UTC):%Y-%m-%d}, {machine()}.*"
        ordered = [name for name in NAMES if name in sections]
        blocks = [f"<!-- {name} -->\n{sections[name]}\n" for name in ordered]
        PAGE.write_text("\n".join([INTRODUCTION, *blocks]))


def _sections(page: str) -> dict[str, str]:
    """Sections of an earlier page by benchmark."""
    parts = re.split(r"^<!-- (\w+) -->$", page, flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


if __name__ == "__main__":
    main(sys.argv[1:])
