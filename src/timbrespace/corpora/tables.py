"""CSV tables that ship with corpora: a path in, column names and lines out, or what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from timbrespace.corpora.base import Problem

Line = dict[str, str]


def read_csv(path: Path) -> tuple[Sequence[str], list[Line]] | Problem:
    """Column names, and one mapping from column to text per line; a short line lacks values.

    Comma-separated UTF-8, with or without a byte-order mark.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            return reader.fieldnames or (), list(reader)
    except (OSError, ValueError, csv.Error) as error:
        return Problem(path, f"cannot be read as a table ({error}).")
