"""Hear a sound that was dropped on the page, in a process that it cannot take the server down with.

Comes in: a file of anything. Goes out: what was heard of it, or why it could not be. The process is
kept for the next sound, and started again after one that it did not survive.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from timbrespace.errors import AudioError, TimbrespaceError
from timbrespace.explorer.hearing_worker import hear_on_demand
from timbrespace.explorer.workers import Worker

_START_S = 120.0  # to load an encoder on a slow machine
_MOST_WAITING = 8


class BusyError(TimbrespaceError):
    """Too many sounds wait to be heard."""


class Placer:
    """A process that hears sounds one after the other.

    Args:
        library: folder of the library whose encoder hears.
        longest_s: for one sound; after it the process is ended.
        most_bytes: memory that one sound may take.
    """

    def __init__(self, library: Path, *, longest_s: float, most_bytes: int) -> None:
        self._library, self._longest_s, self._most_bytes = library, longest_s, most_bytes
        self._turn = threading.Lock()
        self._waiting = threading.Semaphore(_MOST_WAITING)
        self._worker: Worker | None = None
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        """Number of the process, if there is one."""
        return self._worker.pid if self._worker else None

    def warm(self) -> None:
        """Start the process, without waiting until it is ready."""
        with self._turn:
            self._start()

    def hear(self, path: Path) -> dict[str, Any]:
        """What is heard of a file, as `hearing_worker.hearing` says it.

        Raises:
            AudioError: it cannot be decoded, is silent, takes too long or too much memory, or
                breaks the process.
            BusyError: too many sounds wait already.
            TimbrespaceError: the process cannot start.
        """
        if not self._waiting.acquire(blocking=False):
            raise BusyError(f"{_MOST_WAITING} sounds wait to be heard; try again in a moment.")
        try:
            with self._turn:
                worker = self._start()
                self._wait_until_ready(worker)
                return self._answer(worker, path)
        finally:
            self._waiting.release()

    def close(self) -> None:
        """End the process, whatever it is at."""
        worker = self._worker
        if worker is not None:
            worker.kill()  # who waits for it gives up
        with self._turn:
            self._end()

    def _start(self) -> Worker:
        if self._worker is None or not self._worker.is_alive:
            self._end()
            self._worker = Worker(hear_on_demand, self._library, self._most_bytes)
        return self._worker

    def _wait_until_ready(self, worker: Worker) -> None:
        if self._is_ready:
            return
        try:
            told = worker.answer(longest_s=_START_S)
        except (EOFError, TimeoutError):
            self._end()
            raise TimbrespaceError("the process that hears sounds does not start.") from None
        if "fault" in told:
            self._end()
            raise TimbrespaceError(told["fault"])
        self._is_ready = True

    def _answer(self, worker: Worker, path: Path) -> dict[str, Any]:
        try:
            told: dict[str, Any] = worker.ask({"path": str(path)}, longest_s=self._longest_s)
        except TimeoutError:
            self._end()
            raise AudioError(
                f"the sound takes over {self._longest_s:g} s to decode; cut out a shorter part."
            ) from None
        except EOFError:
            self._end()
            raise AudioError("the sound cannot be decoded: it broke the decoder.") from None
        if "fault" in told:
            raise AudioError(f"the sound cannot be used: {told['fault']}")
        return told

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker, self._is_ready = None, False
