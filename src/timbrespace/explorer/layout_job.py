"""One map being laid out in a process of its own, which may be stopped at any moment.

Comes in: vectors, which of them, and where the finished map is to lie. Goes out: the file, written
whole or not at all, and on the way how far the work is. The process ends with the one that
started it, and gives way to it on a busy machine.
"""

from __future__ import annotations

import json
import os
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from timbrespace.errors import TimbrespaceError
from timbrespace.explorer.layouts import KINDS, fit, save_layout
from timbrespace.explorer.neighbours import Ids, Rows

_SPAWN = get_context("spawn")  # threads of NumPy do not survive a fork
_END_S = 5.0


class LayoutJob:
    """A map on its way.

    Args:
        name: kind of map.
        matrix: the library's vectors, mapped from disk.
        ids: sounds to lay out, rising; (n,).
        slots: their rows in the matrix; (n,).
        file: where the map is to lie.
    """

    def __init__(self, name: str, matrix: Any, ids: Ids, slots: Rows, file: Path) -> None:
        self.name, self.share_done = name, 0.0
        self.fault: str | None = None
        self._heard, told = _SPAWN.Pipe(duplex=False)
        self._process = _SPAWN.Process(
            target=_lay_out, args=(name, _whereabouts(matrix), ids, slots, file, told), daemon=True
        )
        self._process.start()
        told.close()

    @property
    def is_running(self) -> bool:
        """Whether the process is at work; takes in what it told."""
        while self._heard_something():
            pass
        return self._process.is_alive()

    def stop(self) -> None:
        """End the process, wherever it is."""
        self._process.terminate()
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._heard.close()

    def _heard_something(self) -> bool:
        try:
            if self._heard.closed or not self._heard.poll():
                return False
            told = json.loads(self._heard.recv_bytes())
        except (EOFError, OSError):  # it has ended
            self._heard.close()
            self._process.join()
            if self._process.exitcode and self.fault is None:
                self.fault = "the process ended without a map; is there too little memory?"
            return False
        self.share_done = told.get("share_done", self.share_done)
        self.fault = told.get("fault", self.fault)
        return True


def _whereabouts(matrix: Any) -> dict[str, Any]:
    """How another process maps the same matrix."""
    return {"filename": str(matrix.filename), "dtype": matrix.dtype.str, "shape": matrix.shape}


def _lay_out(
    name: str, matrix: dict[str, Any], ids: Ids, slots: Rows, file: Path, told: Connection
) -> None:
    """Body of the process."""
    os.nice(10)

    def tell(share: float) -> None:
        told.send_bytes(json.dumps({"share_done": round(min(share, 1.0), 4)}).encode())

    try:
        vectors = np.asarray(np.memmap(mode="r", **matrix))[slots]
        save_layout(fit(KINDS[name], ids, vectors, on_progress=tell), file)
    except (TimbrespaceError, MemoryError) as fault:
        told.send_bytes(json.dumps({"fault": str(fault) or "not enough memory."}).encode())
    except BrokenPipeError:  # who asked is gone
        return
