"""What the routes share: a library open for reading, its points, maps, searches and helpers.

Comes in: a library's folder and settings. Goes out: answers, computed by as many threads as there
are cores, however many ask.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
from fastapi import Depends, Request

from timbrespace.explorer.clusters import cluster_names
from timbrespace.explorer.columns import (
    CHANGING,
    COLUMNS,
    Categories,
    Numbers,
    categories,
    encoded,
    numbers,
)
from timbrespace.explorer.placing import Placer
from timbrespace.explorer.points import Points, read_points, revision_of
from timbrespace.explorer.projections import Projections
from timbrespace.explorer.searches import Searches
from timbrespace.explorer.settings import ServerSettings
from timbrespace.library import Library

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Explorer:
    """One library, looked at.

    Args:
        library: its folder.
        settings: of the server.

    Raises:
        InputError: there is no library.

    Attributes:
        library: open for reading.
        settings: of the server.
        projections: its maps.
        searches: answers queries.
        placer: hears sounds of strangers.
    """

    def __init__(self, library: Path, settings: ServerSettings) -> None:
        self.settings = settings
        self.library = Library.open(library, writable=False)
        self.projections = Projections(self.library, self.library.folder / "projections")
        self.searches = Searches(self.library.folder)
        self.placer = Placer(
            self.library.folder,
            longest_s=settings.longest_upload_s,
            most_bytes=settings.most_worker_bytes,
        )
        self._lock = threading.RLock()
        self._points: Points | None = None
        self._columns: dict[str, Numbers | Categories] = {}
        self._threads = ThreadPoolExecutor(os.cpu_count() or 2, "explorer")

    @cached_property
    def writing(self) -> Library:
        """The library, open for tags and favourites."""
        return Library.open(self.library.folder)

    @property
    def points(self) -> Points:
        """What is on the map; the same until `refresh`."""
        with self._lock:
            return self._points or self.refresh()

    def refresh(self) -> Points:
        """Look whether sounds came or went."""
        with self._lock:
            if self._points is None or self._points.revision != revision_of(self.library):
                self._points = read_points(self.library, most=self.settings.most_points)
                self._columns.clear()
            return self._points

    def column(self, name: str) -> Numbers | Categories:
        """A column of the points, kept until the library or, for tags and the like, a row changes.

        Args:
            name: one of `COLUMNS`.
        """
        with self._lock:
            found = self._columns.get(name)
            if found is None:
                found = self._read_column(name)
                if name not in CHANGING:
                    self._columns[name] = found
            return found

    def vectors(self, points: Points) -> npt.NDArray[np.float16]:
        """Vectors of the points; (n, values)."""
        return np.asarray(self.library.vectors)[points.slots]

    async def run(
        self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Do work that takes more than a moment, when a core is free."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(work, *args, **kwargs))

    def close(self) -> None:
        """End every thread and process."""
        self.projections.close()
        self.placer.close()
        self.searches.close()
        self._threads.shutdown()
        self.library.close()
        if "writing" in self.__dict__:
            self.writing.close()

    def _read_column(self, name: str) -> Numbers | Categories:
        points = self.points
        if name == "cluster":
            return encoded(cluster_names(self.vectors(points), self._best_names(points)))
        if COLUMNS[name].kind == "continuous":
            return numbers(name, self.library, points)
        return categories(name, self.library, points)

    def _best_names(self, points: Points) -> list[str | None]:
        """Of each point the instrument or, where it is unknown, the family."""
        instruments, families = self.column("instrument"), self.column("family")
        names: list[str | None] = [None] * len(points)
        for column in (families, instruments):
            if isinstance(column, Categories):
                for row in np.flatnonzero(column.codes < len(column.values)):
                    names[row] = column.values[column.codes[row]]
        return names


def _of_request(request: Request) -> Any:
    return request.app.state.explorer


ExplorerHere = Annotated[Explorer, Depends(_of_request)]
"""Parameter of a route: the explorer that is served."""
