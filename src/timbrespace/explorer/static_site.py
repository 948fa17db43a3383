"""A library as a folder that is a web site: the page, its data, and a clip of each sound.

Comes in: a library. Goes out: `index.html` and what it needs. Browsers let a page from a file share
load nothing but scripts, so that is what all data are: each file calls `timbrespaceData(name,
value)`, numbers in base64. Nothing in it tells where files lie on this machine.
"""

from __future__ import annotations

import base64
import json
import math
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from timbrespace.errors import AudioError, ConfigError, InputError
from timbrespace.evaluation.projection import principal_coordinates
from timbrespace.explorer.clips import mp3_clip
from timbrespace.explorer.columns import COLUMNS, Categories
from timbrespace.explorer.explorer import Explorer
from timbrespace.explorer.exporting import rows_of
from timbrespace.explorer.layouts import KINDS, fit, save_layout
from timbrespace.explorer.neighbours import unit_rows
from timbrespace.explorer.points import FolderNames, sound_name
from timbrespace.explorer.routes.answers import as_sound
from timbrespace.explorer.routes.maps import describe_library, describe_names
from timbrespace.explorer.routes.page import STATIC
from timbrespace.explorer.settings import ServerSettings
from timbrespace.library.rows import COLUMNS as LIBRARY_COLUMNS

SOUNDS_IN_A_FILE = 256
_SEARCHED_DIMENSIONS = 64
_FLAG = '<script src="static.js"></script>'
_PAGE_SCRIPT = '<script src="page.js"'

Progress = Callable[[str, int, int], None]


def write_site(
    library: Path,
    out: Path,
    *,
    clip_s: float = 10.0,
    on_progress: Progress = lambda work, done, total: None,
) -> list[str]:
    """Write the site; returns a line for each sound whose clip is missing.

    Args:
        library: folder of a library.
        out: where; a site that stands there is written anew, other folders must be empty.
        clip_s: seconds of each sound that are kept.
        on_progress: called with what is done, how many are done, and of how many.

    Raises:
        InputError: there is no library, it is empty, `out` holds other things, or the page is not
            built.
        ConfigError: `clip_s` is not above 0.
    """
    if not (math.isfinite(clip_s) and clip_s > 0):
        raise ConfigError(f"clip_s must be above 0, got {clip_s:g}.")
    explorer = Explorer(library, ServerSettings())
    try:
        if not len(explorer.points):
            raise InputError(f"{library}: the library is empty; add sounds first.")
        _prepare(out)
        _lay_out(explorer, on_progress)
        for name, value in _data(explorer):
            _write(out / "data" / f"{name.replace('/', '-')}.js", name, value)
        return _write_clips(explorer, out / "clips", clip_s, on_progress)
    finally:
        explorer.close()


def _prepare(out: Path) -> None:
    """The folder with the page in it, and no data."""
    page = STATIC / "index.html"
    if not page.is_file():
        raise InputError(f"{page}: the page is not built; run `make page`.")
    if (
        out.exists()
        and not (out / "static.js").is_file()
        and (not out.is_dir() or any(out.iterdir()))
    ):
        raise InputError(f"{out}: is not empty; name a new folder, or one of a site to replace.")
    for name in ("data", "clips"):
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)
    for file in STATIC.iterdir():
        if file.is_file():
            shutil.copyfile(file, out / file.name)
    html = page.read_text(encoding="utf-8")
    if _PAGE_SCRIPT not in html:
        raise InputError(f"{page}: loads no page.js; run `make page`.")
    html = html.replace(_PAGE_SCRIPT, f"{_FLAG}{_PAGE_SCRIPT}", 1)
    (out / "index.html").write_text(html, encoding="utf-8")
    (out / "static.js").write_text("window.TIMBRESPACE_STATIC = true;\n", encoding="utf-8")


def _lay_out(explorer: Explorer, on_progress: Progress) -> None:
    """Every map that can be, kept in the library as the explorer keeps it."""
    points, projections = explorer.points, explorer.projections
    for name, kind in KINDS.items():
        if projections.coordinates(name, points) is None:
            try:
                layout = fit(
                    kind,
                    points.ids,
                    explorer.vectors(points),
                    on_progress=partial(_report, on_progress, kind.label),
                )
            except InputError:  # too few sounds for this one
                continue
            save_layout(layout, projections.file_of(name))


def _report(on_progress: Progress, label: str, share: float) -> None:
    on_progress(label, round(100 * share), 100)


def _data(explorer: Explorer) -> Iterator[tuple[str, Any]]:
    """Everything that the page reads, by the name it asks for."""
    points = explorer.points
    described = describe_library(explorer)
    ready = [each for each in described["projections"] if each["state"] == "ready"]
    yield "library", described | {"static": True, "projections": ready}
    yield "ids", _base64(points.ids, "<u4")
    yield "names", describe_names(explorer)
    for each in ready:
        found = explorer.projections.coordinates(each["name"], points)
        yield f"projections/{each['name']}", _base64(found, "<f4")
    for name in COLUMNS:
        column = explorer.column(name)
        if isinstance(column, Categories):
            yield f"columns/{name}", {"values": column.values}
            yield f"columns/{name}/codes", _base64(column.codes, "<u2")
        else:
            yield f"columns/{name}", _base64(column, "<f4")
    yield "vectors", short_vectors(explorer.vectors(points))
    yield from _sounds(explorer)


def _sounds(explorer: Explorer) -> Iterator[tuple[str, dict[int, Any]]]:
    """Everything of each sound but where it lies, by id, as many in a file as a page shows."""
    ids = explorer.points.ids
    folders = FolderNames(explorer.library.folders)
    for chunk in range(-(-len(ids) // SOUNDS_IN_A_FILE)):
        chosen = ids[chunk * SOUNDS_IN_A_FILE :][:SOUNDS_IN_A_FILE].tolist()
        rows = rows_of(explorer.library, chosen, list(LIBRARY_COLUMNS))
        yield f"sounds-{chunk}", {row["id"]: _public(row, folders) for row in rows.to_pylist()}


def _public(row: dict[str, Any], folders: FolderNames) -> dict[str, Any]:
    """A sound as the server tells it, its path from the library's folder on."""
    file = row["path"].rsplit("/", 1)[-1]
    sound = as_sound(row) | {"path": f"{folders.of(row['path'])}/{file}"}
    del sound["content_hash"]
    return sound | {"name": sound_name(row["path"], row["start_s"])}


def short_vectors(vectors: npt.NDArray[np.floating]) -> dict[str, Any]:
    """Vectors small enough to send: at most 64 directions, eight bits a value.

    Returns:
        `dimensions`; `codes`, int8 row after row; and `scales`, float32, by which each row's codes
        give a vector of about unit length.
    """
    rows = unit_rows(vectors)
    if rows.shape[1] > _SEARCHED_DIMENSIONS:
        rows = principal_coordinates(rows, _SEARCHED_DIMENSIONS).astype(np.float32)
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    rows = rows / lengths
    scales = np.abs(rows).max(axis=1) / 127
    codes = np.rint(rows / np.maximum(scales, 1e-12)[:, None])
    return {
        "dimensions": rows.shape[1],
        "codes": _base64(codes, "i1"),
        "scales": _base64(scales, "<f4"),
    }


def _write_clips(
    explorer: Explorer, folder: Path, clip_s: float, on_progress: Progress
) -> list[str]:
    table = explorer.library.rows(["id", "path", "start_s", "duration_s"])
    wanted = table.filter(explorer.points.rows_of(table["id"].to_numpy()) >= 0).to_pylist()
    roots = explorer.library.folders

    def write(row: dict[str, Any]) -> str | None:
        try:
            clip = mp3_clip(
                Path(row["path"]),
                roots,
                start_s=row["start_s"],
                duration_s=min(row["duration_s"], clip_s),
            )
        except AudioError as fault:
            return str(fault)
        name = f"clips/{row['id']}"
        _write(folder / f"{row['id']}.js", name, base64.b64encode(clip).decode())
        return None

    problems = []
    with ThreadPoolExecutor() as pool:
        for done, problem in enumerate(pool.map(write, wanted), start=1):
            problems += [problem] if problem else []
            on_progress("clips", done, len(wanted))
    return problems


def _write(file: Path, name: str, value: Any) -> None:
    said = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    file.write_text(f"timbrespaceData({json.dumps(name)},{said});\n", encoding="ascii")


def _base64(values: Any, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()
