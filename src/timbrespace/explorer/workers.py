"""A process beside the server that answers messages, and can be ended at any moment.

Comes in: messages as JSON. Goes out: answers as JSON, since nothing that comes from a process that
reads files of strangers may be unpickled. Processes are spawned: threads do not survive a fork.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from timbrespace.interrupts import starting_processes

_SPAWN = get_context("spawn")
_MOST_ANSWER_BYTES = 1 << 28


class Worker:
    """One process; not to be used by two threads at once, but for `kill`.

    Args:
        body: what it runs; takes `arguments` and the connection that messages come from.
        arguments: for the body.
    """

    def __init__(self, body: Callable[..., None], *arguments: Any) -> None:
        self._heard, theirs = _SPAWN.Pipe()
        self._process: SpawnProcess = _SPAWN.Process(
            target=body, args=(*arguments, theirs), daemon=True
        )
        with starting_processes():  # the server ends it, not Ctrl-C
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def ask(self, message: Any, *, longest_s: float | None = None) -> Any:
        """Send a message and wait for its answer.

        Raises:
            TimeoutError: no answer came in time.
            EOFError: the process has died.
        """
        try:
            self._heard.send_bytes(json.dumps(message).encode())
        except OSError as fault:
            raise EOFError from fault
        return self.answer(longest_s=longest_s)

    def answer(self, *, longest_s: float | None = None) -> Any:
        """Wait for what it says.

        Raises:
            TimeoutError: no answer came in time.
            EOFError: the process has died.
        """
        try:
            if not self._heard.poll(longest_s):
                raise TimeoutError
            return json.loads(self._heard.recv_bytes(_MOST_ANSWER_BYTES))
        except TimeoutError:
            raise
        except OSError as fault:
            raise EOFError from fault

    def kill(self) -> None:
        """End the process, whatever it is at; who waits for it is told so."""
        self._process.kill()

    def close(self) -> None:
        """End the process and forget it."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._heard.close()


def answer(connection: Connection, said: Any) -> None:
    """Say something to who started this process."""
    connection.send_bytes(json.dumps(said).encode())


def messages(connection: Connection) -> Any:
    """Messages as they come, until who started this process is gone."""
    while True:
        try:
            yield json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
