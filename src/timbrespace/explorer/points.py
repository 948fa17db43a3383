"""The sounds that are shown, in one order that everything else keeps to.

Comes in: a library. Goes out: `Points`: for each row its sound's id, slot, name and folder. Folders
are told from where the library begins, not by where they lie on this machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from timbrespace.explorer.neighbours import Ids, Rows
from timbrespace.library import Library

_LAST_FOLDER = 65_534  # 65,535 says that there is none


@dataclass(frozen=True)
class Points:
    """What is on the map.

    Attributes:
        n_sounds: of the library; more than points if these are a sample.
        ids: of each point's sound, rising; (n,).
        slots: rows of the library's vectors; (n,).
        names: what each sound is called.
        folders: index into `folder_names` for each point; (n,).
        folder_names: folders that hold sounds, by name.
        revision: of the library when it was read.
    """

    n_sounds: int
    ids: Ids
    slots: Rows
    names: list[str]
    folders: npt.NDArray[np.uint16]
    folder_names: list[str]
    revision: tuple[object, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def folder_sizes(self) -> list[int]:
        """Points in each folder."""
        return [int(n) for n in np.bincount(self.folders, minlength=len(self.folder_names))]

    def rows_of(self, ids: Sequence[int] | Ids) -> Rows:
        """Row of each sound, -1 for one that is not shown."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self):
            return np.full(len(wanted), -1, np.int64)
        rows = np.minimum(np.searchsorted(self.ids, wanted), len(self) - 1)
        return np.where(self.ids[rows] == wanted, rows, -1)


def read_points(library: Library, *, most: int) -> Points:
    """The sounds of a library, or an evenly spread sample of at most `most`."""
    revision = revision_of(library)
    table = library.rows(["id", "slot", "path", "start_s", "duration_s"], order="id")
    n_sounds = table.num_rows
    if n_sounds > most:
        table = table.take(np.linspace(0, n_sounds - 1, most).astype(np.int64))
    paths = table["path"].to_pylist()
    starts = table["start_s"].to_numpy()
    places = FolderNames(library.folders)
    found = [places.of(path) for path in paths]
    names = sorted(set(found))
    codes = {name: code for code, name in enumerate(names)}
    return Points(
        n_sounds=n_sounds,
        ids=table["id"].to_numpy().astype(np.uint32),
        slots=table["slot"].to_numpy().astype(np.int64),
        names=[sound_name(path, start) for path, start in zip(paths, starts, strict=True)],
        folders=np.array([min(codes[name], _LAST_FOLDER) for name in found], np.uint16),
        folder_names=names[: _LAST_FOLDER + 1],
        revision=revision,
    )


def revision_of(library: Library) -> tuple[object, ...]:
    """Changes when sounds come, go or are embedded anew; tags and favourites do not count."""
    ids = library.rows(["id"], order="-id", limit=1)["id"].to_pylist()
    return (library.encoder_hash, library.n_sounds, len(library.vectors), *ids)


def sound_name(path: str, start_s: float) -> str:
    """What a sound is called: its file, and where in it it begins.

    Example:
        >>> sound_name("/samples/loop.wav", 1.5), sound_name("/samples/kick.wav", 0.0)
        ('loop 1.50 s', 'kick')
    """
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0] or path
    return f"{stem} {start_s:.2f} s" if start_s > 0 else stem


class FolderNames:
    """Names of folders from the library's roots on.

    Args:
        roots: the folders and files that were added.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        folders = {str(root.parent if root.is_file() else root) for root in roots}
        self._roots = sorted(folders, key=len, reverse=True)
        self._names: dict[str, str] = {}

    def of(self, path: str) -> str:
        """Name of the folder that a file lies in.

        Example:
            >>> FolderNames([Path("/music/samples")]).of("/music/samples/drums/kick.wav")
            'samples/drums'
        """
        folder = path.rsplit("/", 1)[0]
        if folder not in self._names:
            self._names[folder] = self._name(folder)
        return self._names[folder]

    def _name(self, folder: str) -> str:
        for root in self._roots:
            if folder == root or folder.startswith(root.rstrip("/") + "/"):
                inside = folder[len(root) :].strip("/")
                return "/".join(filter(None, (Path(root).name, inside)))
        return folder.rsplit("/", 1)[-1]
