"""The JSON file of a command that evaluates systems.

Comes in: the arguments as typed and what was found, by system. Goes out: one file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from jsonargparse import Namespace


class Recorded(Protocol):
    """A result that gives its numbers and settings, ready for JSON."""

    def as_record(self) -> dict[str, Any]:
        """Numbers and settings."""


def write_systems(args: Namespace, found: Mapping[str, Recorded]) -> None:
    """Write what was found to `args.json`, with `args.embeddings` and `args.split`."""
    record = {
        "embeddings": [str(path) for path in args.embeddings],
        "split": args.split or None,
        "systems": {name: result.as_record() for name, result in found.items()},
    }
    args.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
