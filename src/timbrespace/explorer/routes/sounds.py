"""One sound: what is known of it, and its audio.

Comes in: the id of a sound. Goes out: JSON, or audio that a browser plays, whole or in ranges.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import StreamingResponse

from timbrespace.errors import AudioError
from timbrespace.explorer.audio_files import Playable, byte_range, playable
from timbrespace.explorer.explorer import Explorer, ExplorerHere
from timbrespace.explorer.routes.answers import SoundIdInPath, as_sound, faults, missing

router = APIRouter(prefix="/api/sounds", tags=["sounds"])

_AUDIO: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/*": {}}, "description": "All of the audio."},
    206: {"content": {"audio/*": {}}, "description": "The range that was asked for."},
}
_NO_SOUND = faults(_404="There is no such sound, or its file is gone.")


@router.get("/{sound_id}", responses=_NO_SOUND)
async def sound(sound_id: SoundIdInPath, explorer: ExplorerHere) -> dict[str, Any]:
    """Everything that is known of a sound."""
    rows = await explorer.run(explorer.library.rows, where=("id = ?", [sound_id]))
    if not rows.num_rows:
        raise missing(f"sound {sound_id}")
    return as_sound(rows.to_pylist()[0])


@router.head("/{sound_id}/audio", include_in_schema=False)
@router.get(
    "/{sound_id}/audio",
    response_class=StreamingResponse,
    responses=_AUDIO | _NO_SOUND | faults(_416="There are no such bytes."),
)
async def audio(sound_id: SoundIdInPath, request: Request, explorer: ExplorerHere) -> Response:
    """The audio of a sound: the file itself, or WAV where browsers need that."""
    try:
        found = await explorer.run(playable_sound, explorer, sound_id)
    except AudioError as fault:
        raise HTTPException(404, str(fault)) from fault
    headers = {"accept-ranges": "bytes", "cache-control": "private, max-age=300"}
    try:
        asked = byte_range(request.headers.get("range"), found.size)
    except ValueError:
        headers["content-range"] = f"bytes */{found.size}"
        raise HTTPException(416, f"there are {found.size} bytes.", headers) from None
    start, stop = asked or (0, found.size)
    headers["content-length"] = str(stop - start)
    if asked:
        headers["content-range"] = f"bytes {start}-{stop - 1}/{found.size}"
    status = 206 if asked else 200
    if request.method == "HEAD":
        return Response(None, status, headers, found.media_type)
    return StreamingResponse(found.read(start, stop), status, headers, found.media_type)


def playable_sound(explorer: Explorer, sound_id: int) -> Playable:
    """How to play a sound of the catalogue.

    Raises:
        AudioError: it is not there, or cannot be played.
    """
    rows = explorer.library.rows(
        ["path", "start_s", "duration_s"], where=("id = ?", [sound_id])
    ).to_pylist()
    if not rows:
        raise AudioError(f"there is no sound {sound_id}.")
    (row,) = rows
    return playable(
        Path(row["path"]),
        explorer.library.folders,
        start_s=row["start_s"],
        duration_s=row["duration_s"],
    )
