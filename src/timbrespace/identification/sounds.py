"""A person's folders as something to learn from.

Comes in: a folder whose folders are classes, a manifest or an embeddings table. Goes out: its rows,
and what is wrong with the rest. A sound that stands in two classes teaches neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from timbrespace.corpora import folder
from timbrespace.embedding import embed_manifest
from timbrespace.embeddings import read_embeddings
from timbrespace.errors import InputError
from timbrespace.manifest import check_manifest, read_parquet
from timbrespace.models import Encoder


def gather_lesson(source: Path) -> tuple[pa.Table, list[str]]:
    """Everything that a source names.

    Args:
        source: a folder of class folders, or a table (.parquet), with embeddings or without.

    Returns:
        The manifest (for a table with embeddings, that table), and one line for each file or class
        folder that cannot be learnt from.

    Raises:
        InputError: there is no such source, or nothing in it.
    """
    if source.is_dir():
        return _folder(source)
    if source.suffix != ".parquet":
        raise InputError(f"{source}: expected a folder of class folders, or a .parquet table.")
    table = read_parquet(source)
    if "embedding" in table.column_names:
        return read_embeddings(source), []
    return check_manifest(table), []


def embed_lesson(
    manifest: pa.Table, encoder: Encoder, *, on_progress: Callable[[int], None] = lambda done: None
) -> tuple[pa.Table, list[str]]:
    """Embed a manifest; returns the embeddings table and one line for each bad sound.

    Raises:
        InputError: no sound could be embedded.
    """
    with TemporaryDirectory() as scratch:
        out = Path(scratch, "sounds.parquet")
        embedded = embed_manifest(manifest, encoder, out, on_progress=on_progress)
        return read_embeddings(out), embedded.problems


def _folder(root: Path) -> tuple[pa.Table, list[str]]:
    scan = folder.scan(root)
    classes = dict(
        zip(scan.manifest["path"].to_pylist(), scan.manifest["instrument"].to_pylist(), strict=True)
    )
    faults = {
        path: f"{path}: lies in no class folder." for path, name in classes.items() if not name
    }
    faults |= _repeats({path: name for path, name in classes.items() if name})
    empty = [
        f"{path}: holds no sound that can be read."
        for path in sorted(root.iterdir())
        if path.is_dir() and not path.name.startswith(".") and path.name not in classes.values()
    ]
    kept = [path not in faults for path in classes]
    manifest = scan.manifest.filter(pa.array(kept, pa.bool_()))
    return manifest, [*map(str, scan.problems), *empty, *faults.values()]


def _repeats(classes: dict[str, str]) -> dict[str, str]:
    """A line for each file that repeats another one: for both, where their classes differ."""
    lines = {}
    for same in _same_content(list(classes)):
        first = same[0]
        crosses = len({classes[path] for path in same}) > 1
        for path in same[0 if crosses else 1 :]:
            other = same[1] if path == first else first
            fault = "is in another class, too" if crosses else "is there already"
            lines[path] = f"{path}: the same sound {fault}, {other}; keep one."
    return lines


def _same_content(paths: list[str]) -> list[list[str]]:
    """Groups of two files or more that hold the same bytes; only files of one size are read."""
    by_size = _grouped(paths, lambda path: Path(path).stat().st_size)
    return [same for alike in by_size for same in _grouped(alike, _digest)]


def _grouped(paths: list[str], key: Callable[[str], object]) -> list[list[str]]:
    groups: dict[object, list[str]] = {}
    for path in paths:
        groups.setdefault(key(path), []).append(path)
    return [group for group in groups.values() if len(group) > 1]


def _digest(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
