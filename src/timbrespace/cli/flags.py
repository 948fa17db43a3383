"""Faults in the words of the command line.

Comes in: an error of a function whose settings were flags. Goes out: the same error, naming flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from timbrespace.errors import TimbrespaceError


@contextmanager
def faults_by_flag(flags: Mapping[str, str]) -> Iterator[None]:
    """Say what was wrong by the flags that were typed.

    Args:
        flags: the flag for each name of a setting; a name inside quotes, a path or a longer word is
            no setting and stays.
    """
    try:
        yield
    except TimbrespaceError as fault:
        names = "|".join(map(re.escape, flags))
        settings = re.compile(rf"(?<![\w'\"/.-])({names})(?![\w'\"/.-]*[\w'\"/])")
        message = settings.sub(lambda found: flags[found[0]], str(fault))
        raise type(fault)(message) from fault
