"""`plan.json` of a reproduction: what was asked for, once it could be begun.

Comes in: requests as JSON. Goes out: the file, written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from timbrespace.errors import ConfigError, InputError


def write_plan_file(record: Mapping[str, Any], file: Path) -> None:
    """Write a plan, whole or not at all."""
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    partial.replace(file)


def read_plan_file(file: Path) -> dict[str, Any]:
    """What `write_plan_file` wrote.

    Raises:
        InputError: the file cannot be read as a plan.
    """
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise not_a_plan(file, fault) from fault
    if not isinstance(record, dict):
        raise not_a_plan(file, f"a {type(record).__name__}, not an object")
    return record


def not_a_plan(file: Path, fault: object) -> InputError:
    """The error of a file that is not a plan."""
    return InputError(f"{file}: not a plan ({fault}); name another --out.")


def check_same_request(
    file: Path, earlier: Mapping[str, Any], now: Mapping[str, Any], *, free: Collection[str]
) -> None:
    """Whether what is asked for goes with what was asked for before.

    Args:
        file: of the plan.
        earlier: request in the plan.
        now: request; the same types as after `read_plan_file`.
        free: keys that may differ.

    Raises:
        ConfigError: another key differs.
    """
    changed = [
        f"{key} was {earlier.get(key)!r}, now {value!r}"
        for key, value in now.items()
        if key not in free and earlier.get(key) != value
    ]
    if changed:
        raise ConfigError(
            f"{file} was made for another request: {'; '.join(changed)}. Ask for the same to go "
            "on, or name another --out."
        )
