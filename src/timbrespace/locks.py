"""One writer at a time: a lock on a file that the system lets go of when its holder dies.

Comes in: a path. Goes out: a context in which no other process holds the same path.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timbrespace.errors import InputError


@contextmanager
def exclusive(file: Path, *, work: str) -> Iterator[None]:
    """Hold `file` (made if missing) for the length of the context.

    Args:
        file: the lock; its content does not matter, and it stays when the lock is let go.
        work: what is being done, for the error.

    Raises:
        InputError: another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"{file}: another process is {work} here; wait for it or choose another place."
            ) from None
        yield
