"""Ctrl-C that waits: it would break libraries that are loading and processes that are starting."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Have Ctrl-C come when the body is done.

    Raises:
        KeyboardInterrupt: it came meanwhile.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield  # this thread hears no signal, or none is to be heard
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if came:
        raise KeyboardInterrupt


@contextmanager
def starting_processes() -> Iterator[None]:
    """Have Ctrl-C come when the body is done, and never to the processes that it starts.

    Raises:
        KeyboardInterrupt: it came meanwhile.
    """
    resource_tracker.ensure_running()  # which would unblock signals when it is started
    with interrupts_held():  # a block holds for one thread only, and for what it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
