"""Hear files in threads, some dozens ahead of whoever asks.

Comes in: files to hear. Goes out: for each, in order, its sounds in pieces, or what is wrong with
it. Decoding and most of the arithmetic release the interpreter, so threads are enough; memory holds
a piece of each file ahead, however many files there are.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from timbrespace.errors import TimbrespaceError
from timbrespace.library.changes import Task
from timbrespace.library.hearing import Piece, hear

_FILES_AHEAD = 48
_MOST_THREADS = 16


@dataclass(frozen=True)
class Fault:
    """Why a file cannot be used.

    Attributes:
        reason: for people, without the path.
    """

    reason: str


Outcome = Piece | Fault


def hear_all(
    tasks: Iterator[Task], *, sample_rate_hz: int, slices: bool
) -> Generator[tuple[Task, Outcome], None, None]:
    """Hear files, in order; after an error no more of that file comes.

    Args:
        tasks: the files; taken a few dozen ahead.
        sample_rate_hz: rate of the encoder.
        slices: whether each file is cut into sounds at onsets, else it is one sound.
    """
    heard = partial(hear, sample_rate_hz=sample_rate_hz, slices=slices)
    pool = ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS))
    lanes: deque[tuple[Task, Iterator[Piece], Future[Outcome]]] = deque()

    def fill() -> None:
        for task in tasks:
            pieces = heard(task)
            lanes.append((task, pieces, pool.submit(_next, task, pieces)))
            if len(lanes) >= _FILES_AHEAD:
                return

    try:
        fill()
        while lanes:
            task, pieces, future = lanes.popleft()
            outcome = future.result()
            if isinstance(outcome, Piece) and not outcome.is_last:
                lanes.appendleft((task, pieces, pool.submit(_next, task, pieces)))
            else:
                fill()
            yield task, outcome
    finally:
        pool.shutdown(cancel_futures=True)


def _next(task: Task, pieces: Iterator[Piece]) -> Outcome:
    try:
        return next(pieces)
    except TimbrespaceError as fault:
        return Fault(str(fault).removeprefix(f"{task.found.path}: "))
    except OSError as fault:
        return Fault(f"cannot be read ({fault.strerror or fault}).")
