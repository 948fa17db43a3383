"""Whatever a person names, as one manifest.

Comes in: audio files, folders and manifests. Goes out: their rows, each sound once, and what
cannot be taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from timbrespace.corpora import folder
from timbrespace.errors import InputError
from timbrespace.manifest import manifest_from_rows, read_manifest


def gather(paths: Iterable[Path], *, split: str | None = None) -> tuple[pa.Table, list[str]]:
    """Rows of everything that `paths` name.

    Args:
        paths: audio files, folders (the first folder below names the instrument) and manifests
            (.parquet). What is named twice stands once; ids of files are their paths.
        split: only the rows of this split.

    Returns:
        The manifest, and one line for each file that is audio but of a kind that cannot be read.

    Raises:
        InputError: a path is missing, no row is left, or two different sounds have one id.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            scan = folder.scan(path)
            rows += [{**row, "id": str(path / row["id"])} for row in scan.manifest.to_pylist()]
            problems += map(str, scan.problems)
        elif path.suffix == ".parquet":
            rows += read_manifest(path).to_pylist()
        elif path.is_file():
            rows.append({"id": str(path), "path": str(path.absolute())})
        else:
            raise InputError(f"{path}: no such file or folder.")
    manifest = manifest_from_rows(_once(rows))
    if split is not None:
        manifest = manifest.filter(pc.fill_null(pc.equal(manifest["split"], split), False))
    if not manifest.num_rows and not problems:
        raise InputError(f"nothing to embed{f' in split {split!r}' if split else ''}.")
    return manifest, problems


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(row["id"], row["path"], row.get("start_s")): row for row in rows}.values())
