"""The page itself: the files that the package brings along.

Comes in: a path. Goes out: one of the built files, or how to build them.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, PlainTextResponse

from timbrespace.explorer.routes.answers import missing

STATIC = Path(__file__).parents[1] / "static"

router = APIRouter(include_in_schema=False)

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_NOT_BUILT = (
    "The explorer's page is not part of this copy of timbrespace. Install the package with "
    "`pip install 'timbrespace[explorer]'`, or build the page with `make page`. The interface for "
    "programs works all the same: see /api/openapi.json.\n"
)


@router.api_route("/", methods=["GET", "HEAD"])
async def index() -> Response:
    """The page."""
    if not (STATIC / "index.html").is_file():
        return PlainTextResponse(_NOT_BUILT, 503)
    return _file("index.html")


@router.api_route("/{name}", methods=["GET", "HEAD"])
async def file(name: str) -> Response:
    """A file beside the page."""
    listed = {path.name for path in STATIC.iterdir()} if STATIC.is_dir() else set()
    if name not in listed or Path(name).suffix not in _TYPES:
        raise missing(f"file {name[:50]!r}")
    return _file(name)


def _file(name: str) -> Response:
    return FileResponse(STATIC / name, media_type=_TYPES[Path(name).suffix])
