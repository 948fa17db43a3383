"""The maps of a library: which are ready, under way or absent, and where each sound lies.

Comes in: points. Goes out: coordinates in their order. PCA is there at once; the others are laid
out one at a time in a process of their own and kept in the library's folder. Sounds that came after
a map was finished are placed on it, and nothing else moves.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np

from timbrespace.errors import InputError
from timbrespace.evaluation.pacmap import FEWEST_SOUNDS
from timbrespace.explorer.layout_job import LayoutJob
from timbrespace.explorer.layouts import (
    KINDS,
    Coordinates,
    Layout,
    fit,
    load_layout,
    marks_of,
    place,
    save_layout,
)
from timbrespace.explorer.points import Points
from timbrespace.library import Library

_MOST_COMPARED = 5e9  # pairs of a new sound and one on the map: some ten seconds


class Projections:
    """All maps of one library.

    Args:
        library: open for reading.
        folder: where finished maps are kept.
    """

    def __init__(self, library: Library, folder: Path) -> None:
        self._library, self._folder = library, folder
        self._lock = threading.RLock()
        self._layouts: dict[str, Layout] = {}
        self._points: Points | None = None
        self._job: LayoutJob | None = None
        self._faults: dict[str, str] = {}
        self._of_no_use: dict[str, int] = {}  # files that do not fit the points, by their times

    def states(self, points: Points) -> list[dict[str, Any]]:
        """What is known of each map, ready for JSON."""
        return [self._state(name, points) for name in KINDS]

    def coordinates(self, name: str, points: Points) -> Coordinates | None:
        """Where the points lie, (n, dimensions); None if this map is not ready."""
        with self._lock:
            layout = self._layout(name, points)
        return None if layout is None else layout.coordinates

    def progress(self, name: str) -> float | None:
        """Share that is done of a map under way, else None."""
        with self._lock:
            job = self._job
            return job.share_done if job and job.name == name and job.is_running else None

    def start(self, name: str, points: Points) -> None:
        """Begin to lay out; nothing is done where the map is ready or under way.

        Raises:
            InputError: another map is under way, or there are too few sounds.
        """
        if len(points) < FEWEST_SOUNDS:
            raise InputError(f"a map needs {FEWEST_SOUNDS} sounds or more, here are {len(points)}.")
        with self._lock:
            if self._layout(name, points) is not None or self.progress(name) is not None:
                return
            if self._job and self._job.is_running:
                raise InputError(
                    f"{KINDS[self._job.name].label} is under way; wait for it or cancel it."
                )
            self._faults.pop(name, None)
            file = self.file_of(name)
            self._job = LayoutJob(name, self._library.vectors, points.ids, points.slots, file)

    def cancel(self, name: str) -> None:
        """Stop laying out, if this map is under way."""
        with self._lock:
            if self._job and self._job.name == name:
                self._job.stop()
                self._job = None

    def place(
        self, vector: np.ndarray[Any, np.dtype[Any]], points: Points
    ) -> dict[str, list[float]]:
        """Where one more sound belongs on each map that is ready."""
        found = {}
        for name in KINDS:
            with self._lock:
                layout = self._layout(name, points)
            if layout is not None and len(points):
                where = self._placed(vector[None], points, layout)
                found[name] = [float(value) for value in where[0]]
        return found

    def close(self) -> None:
        """End what is under way."""
        with self._lock:
            if self._job:
                self._job.stop()
                self._job = None

    def _state(self, name: str, points: Points) -> dict[str, Any]:
        kind = KINDS[name]
        with self._lock:
            progress = self.progress(name)
            layout = self._layout(name, points)
            self._take_fault()
            fault = self._faults.get(name)
        ready = layout is not None
        state = "ready" if ready else "absent" if progress is None else "computing"
        fitted = layout.n_fitted if layout else 0
        return {
            "name": name,
            "label": kind.label,
            "dimensions": kind.dimensions,
            "state": state,
            "progress": 1.0 if ready else progress or 0.0,
            "fitted": fitted,
            "placed": len(points) - fitted if ready else 0,
            "sampled": kind.most_fitted <= fitted < len(points),
            "fault": fault,
        }

    def _take_fault(self) -> None:
        if self._job and not self._job.is_running:
            if self._job.fault:
                self._faults[self._job.name] = self._job.fault
            self._job = None

    def _layout(self, name: str, points: Points) -> Layout | None:
        """The map of exactly these points; found, extended or, for PCA, made."""
        if self._points is not points:
            self._points, self._layouts, self._of_no_use = points, {}, {}
        if name not in self._layouts and len(points):
            layout = self._kept(name, points)
            if layout is None and KINDS[name].method == "pca":
                vectors = self._vectors(points)
                layout = fit(KINDS[name], points.ids, vectors, on_progress=lambda share: None)
                self._keep(layout, name)
            if layout is not None:
                self._layouts[name] = layout
        return self._layouts.get(name)

    def _kept(self, name: str, points: Points) -> Layout | None:
        """The map that lies in the folder, with the sounds that came later placed on it."""
        file = self.file_of(name)
        if not file.is_file() or file.stat().st_mtime_ns == self._of_no_use.get(name):
            return None
        self._of_no_use[name] = file.stat().st_mtime_ns
        kept = load_layout(file, KINDS[name].dimensions)
        if kept is None:
            return None
        vectors = self._vectors(points)
        marks = marks_of(vectors)
        rows = kept.known(points.ids, marks)
        old, new = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
        if len(new) > len(old) or len(new) * len(old) > _MOST_COMPARED:
            return None
        coordinates = np.empty((len(points), KINDS[name].dimensions), np.float32)
        coordinates[old] = kept.coordinates[rows[old]]
        coordinates[new] = place(vectors[new], vectors[old], coordinates[old], kept.directions)
        n_fitted = min(kept.n_fitted, len(old))
        layout = Layout(points.ids, marks, coordinates, n_fitted, kept.directions)
        if len(new):
            self._keep(layout, name)
        return layout

    def _placed(self, vectors: Any, points: Points, layout: Layout) -> Coordinates:
        if len(layout.directions):
            return place(vectors, vectors[:0], layout.coordinates, layout.directions)
        return place(vectors, self._vectors(points), layout.coordinates, layout.directions)

    def _vectors(self, points: Points) -> Any:
        return np.asarray(self._library.vectors)[points.slots]

    def file_of(self, name: str) -> Path:
        """Where a finished map is kept."""
        return self._folder / f"{name}-{(self._library.encoder_hash or '')[:16]}.npz"

    def _keep(self, layout: Layout, name: str) -> None:
        try:
            save_layout(layout, self.file_of(name))
        except OSError:  # a library that cannot be written to is looked at all the same
            return
