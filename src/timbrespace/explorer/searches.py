"""Searches that come at once, answered together by a process of their own.

Comes in: queries, from any thread. Goes out: a future for each. While one batch is searched, the
next one gathers; the matrix of vectors, whose reading is most of the work, is read once for all.
The process has an interpreter to itself, so that searching and serving do not wait for each other.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from timbrespace.errors import InputError, TimbrespaceError
from timbrespace.explorer.search_worker import search_on_demand
from timbrespace.explorer.workers import Worker

_MOST_AT_ONCE = 32

Answer = dict[str, list[Any]]
_Asked = tuple[dict[str, Any], "Future[Answer]"]


class Searches:
    """A process that searches, started when first asked, and a thread that talks to it.

    Args:
        library: folder of the library.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._worker: Worker | None = None
        self._thread = threading.Thread(target=self._work, name="searches", daemon=True)
        self._thread.start()

    def submit(self, query: dict[str, Any]) -> Future[Answer]:
        """Ids, scores and scores by aspect of the hits, best first, when their turn has come.

        Args:
            query: as `search_worker.query_of` takes it, and `n`.

        Returns:
            Raises InputError if the query cannot be answered, TimbrespaceError if the process dies.
        """
        future: Future[Answer] = Future()
        self._asked.put((query, future))
        return future

    def warm(self) -> None:
        """Start the process before anyone asks."""
        self.submit({"n": 1, "like": [], "unlike": [], "vector": None, "words": ""} | _NO_FILTERS)

    def close(self) -> None:
        """Answer what was asked, then end."""
        self._asked.put(None)
        self._thread.join()

    def _work(self) -> None:
        goes_on = True
        while goes_on and (first := self._asked.get()) is not None:
            batch, goes_on = self._gathered(first)
            self._answer(batch)
        if self._worker is not None:
            self._worker.close()

    def _gathered(self, first: _Asked) -> tuple[list[_Asked], bool]:
        """All that waits, up to a limit, and whether more may come."""
        batch = [first]
        while len(batch) < _MOST_AT_ONCE:
            try:
                asked = self._asked.get_nowait()
            except queue.Empty:
                break
            if asked is None:
                return batch, False
            batch.append(asked)
        return batch, True

    def _answer(self, batch: list[_Asked]) -> None:
        batch = [asked for asked in batch if asked[1].set_running_or_notify_cancel()]
        if not batch:
            return
        try:
            said = self._ask([query for query, _ in batch])
        except EOFError:
            for _, future in batch:
                future.set_exception(TimbrespaceError("the process that searches has died."))
            return
        for (_, future), answer in zip(batch, said, strict=True):
            if "fault" in answer:
                future.set_exception(InputError(answer["fault"]))
            else:
                future.set_result(answer)

    def _ask(self, queries: list[dict[str, Any]]) -> list[Any]:
        if self._worker is None:
            self._worker = Worker(search_on_demand, self._library)
        try:
            said: list[Any] = self._worker.ask(queries)
        except EOFError:
            self._worker.close()
            self._worker = None
            raise
        return said


_NO_FILTERS: dict[str, Any] = {"ranges": {}, "only": {}, "tags": [], "weights": {}}
