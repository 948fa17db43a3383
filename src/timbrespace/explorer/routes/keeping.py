"""Keeping: tags and favourites in the catalogue, and a selection as files.

Comes in: ids of sounds. Goes out: nothing but that it is done, or a file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from timbrespace.explorer import exporting
from timbrespace.explorer.explorer import Explorer, ExplorerHere
from timbrespace.explorer.routes.answers import Asked, Ids, faults, missing

router = APIRouter(prefix="/api", tags=["keeping"])

Tag = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
SomeIds = Annotated[Ids, Field(min_length=1)]

_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}, "audio/x-mpegurl": {}, "application/zip": {}}}
}
_NO_SOUND = faults(_404="A sound is not in the library.")


class Tags(Asked):
    """Tags to give to sounds, and to take from them."""

    ids: SomeIds
    add: Annotated[list[Tag], Field(max_length=100)] = Field(default_factory=list)
    remove: Annotated[list[Tag], Field(max_length=100)] = Field(default_factory=list)


class Favourites(Asked):
    """Sounds that are favourites, or no longer."""

    ids: SomeIds
    on: bool


class Export(Asked):
    """A selection, and the form that it is wanted in."""

    ids: SomeIds
    format: Literal["csv", "m3u", "zip"]


@router.post("/tags", status_code=204, responses=_NO_SOUND)
async def tags(asked: Tags, explorer: ExplorerHere) -> None:
    """Give sounds tags, and take tags from them."""
    await explorer.run(_check_ids, explorer, asked.ids)
    await explorer.run(explorer.writing.tag, asked.ids, asked.add, asked.remove)


@router.post("/favourites", status_code=204, responses=_NO_SOUND)
async def favourites(asked: Favourites, explorer: ExplorerHere) -> None:
    """Mark sounds as favourites, or no longer."""
    await explorer.run(_check_ids, explorer, asked.ids)
    await explorer.run(explorer.writing.favourite, asked.ids, asked.on)


@router.post("/export", response_class=StreamingResponse, responses=_EXPORTED | _NO_SOUND)
async def export(asked: Export, explorer: ExplorerHere) -> Response:
    """A selection as a table, a playlist or an archive of the files."""
    await explorer.run(_check_ids, explorer, asked.ids)
    form = exporting.FORMS[asked.format]
    return StreamingResponse(
        form.blocks(explorer.library, asked.ids),
        media_type=form.media_type,
        headers={"content-disposition": f'attachment; filename="selection.{asked.format}"'},
    )


def _check_ids(explorer: Explorer, ids: list[int]) -> None:
    """All are sounds of the library, whether the map shows them or not."""
    known = exporting.rows_of(explorer.library, ids, ["id"]).num_rows
    if known < len(set(ids)):
        raise missing(f"sound for {len(set(ids)) - known} of the ids")
