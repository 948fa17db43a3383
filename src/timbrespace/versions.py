"""Which code is running.

Comes in: nothing. Goes out: a version and, where there is one, a commit.
"""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path


def code_version() -> str:
    """Version of timbrespace, and the commit of its source tree where it runs from one."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    try:
        commit = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = ""
    return f"{version('timbrespace')} {commit}".strip()
