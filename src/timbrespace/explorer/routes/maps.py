"""The map: what the library holds, its points, where they lie and what they are coloured by.

Comes in: names of maps and columns. Goes out: JSON, and numbers as bytes in the points' order.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Response
from fastapi.responses import JSONResponse

from timbrespace.errors import InputError
from timbrespace.explorer.columns import COLUMNS, Categories
from timbrespace.explorer.explorer import Explorer, ExplorerHere
from timbrespace.explorer.layouts import KINDS
from timbrespace.explorer.routes.answers import BINARY, Bytes, binary, faults, missing

router = APIRouter(prefix="/api", tags=["map"])

ProjectionName = Annotated[str, Path(examples=list(KINDS))]
ColumnName = Annotated[str, Path(examples=list(COLUMNS))]

_ABSENT = faults(_404="There is no such map or column.")
_COMPUTING = faults(_409="The map is not ready; `progress` says how far it is.")
_COLUMN: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}, "application/json": {}}}
}


@router.get("/library")
async def library(explorer: ExplorerHere) -> dict[str, Any]:
    """What the library holds; after it, points may be others than before."""
    return await explorer.run(describe_library, explorer)


@router.get("/ids", response_class=Bytes, responses=BINARY)
async def ids(explorer: ExplorerHere) -> Response:
    """Ids of the sounds, uint32: the order of the points everywhere."""
    return binary((await explorer.run(_points, explorer)).ids, "<u4")


@router.get("/names")
async def names(explorer: ExplorerHere) -> dict[str, Any]:
    """Names of the sounds, and of the folders that they lie in."""
    return await explorer.run(describe_names, explorer)


@router.get("/projections/{name}", response_class=Bytes, responses=BINARY | _ABSENT | _COMPUTING)
async def projection(name: ProjectionName, explorer: ExplorerHere) -> Response:
    """Where the points lie, float32, row after row, in the unit cube."""
    _check_projection(name)
    projections, points = explorer.projections, await explorer.run(_points, explorer)
    found = await explorer.run(projections.coordinates, name, points)
    if found is not None:
        return binary(found, "<f4")
    progress = projections.progress(name)
    detail = "the map is absent; POST here to begin." if progress is None else "wait for the map."
    return JSONResponse({"detail": detail, "progress": progress or 0.0}, 409)


@router.post(
    "/projections/{name}",
    status_code=202,
    responses=_ABSENT | faults(_409="Another map is under way, or sounds are too few."),
)
async def start_projection(name: ProjectionName, explorer: ExplorerHere) -> dict[str, float]:
    """Begin to lay out; one map at a time. A map that is ready or under way stays as it is."""
    _check_projection(name)
    points = await explorer.run(_points, explorer)
    try:
        await explorer.run(explorer.projections.start, name, points)
    except InputError as fault:
        raise HTTPException(409, str(fault)) from fault
    return {"progress": explorer.projections.progress(name) or 0.0}


@router.delete("/projections/{name}", status_code=204, responses=_ABSENT)
async def cancel_projection(name: ProjectionName, explorer: ExplorerHere) -> None:
    """Stop laying out; a map that is ready stays."""
    _check_projection(name)
    await explorer.run(explorer.projections.cancel, name)


@router.get("/columns/{name}", response_class=Bytes, responses=_COLUMN | _ABSENT)
async def column(name: ColumnName, explorer: ExplorerHere) -> Response:
    """A column: numbers as float32 (NaN is unknown), or the names of its categories as JSON."""
    found = await _column(name, explorer)
    if isinstance(found, Categories):
        return JSONResponse({"values": found.values, "codes_url": f"/api/columns/{name}/codes"})
    return binary(found, "<f4")


@router.get("/columns/{name}/codes", response_class=Bytes, responses=BINARY | _ABSENT)
async def codes(name: ColumnName, explorer: ExplorerHere) -> Response:
    """The category of each point, uint16; 65535 is none."""
    found = await _column(name, explorer)
    if not isinstance(found, Categories):
        raise missing(f"category in the column {name!r}, which holds numbers")
    return binary(found.codes, "<u2")


def describe_library(explorer: Explorer) -> dict[str, Any]:
    """What `GET /api/library` tells."""
    points = explorer.refresh()
    projections = explorer.projections.states(points)
    return {
        "name": explorer.library.folder.name,
        "n_sounds": points.n_sounds,
        "shown": len(points),
        "sampled": len(points) < points.n_sounds or any(each["sampled"] for each in projections),
        "encoder": {
            "name": explorer.library.encoder_name,
            "hash": explorer.library.encoder_hash,
        },
        "static": False,
        "columns": [vars(each) for each in COLUMNS.values()],
        "projections": projections,
        "folders": [
            {"name": name, "n": n}
            for name, n in zip(points.folder_names, points.folder_sizes, strict=True)
        ],
    }


def describe_names(explorer: Explorer) -> dict[str, Any]:
    """What `GET /api/names` tells."""
    points = explorer.points
    return {
        "names": points.names,
        "folders": points.folders.tolist(),
        "folder_names": points.folder_names,
    }


def _points(explorer: Explorer) -> Any:
    return explorer.points


async def _column(name: str, explorer: Explorer) -> Any:
    if name not in COLUMNS:
        raise missing(f"column {name[:50]!r}")
    return await explorer.run(explorer.column, name)


def _check_projection(name: str) -> None:
    if name not in KINDS:
        raise missing(f"map {name[:50]!r}")
