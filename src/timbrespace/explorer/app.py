"""The explorer as a web application: routes, checks around them, and what ends with it.

Comes in: a library's folder and settings. Goes out: an ASGI application. Its interface is described
at /api/openapi.json; there is no page of documentation, since that would load scripts from
elsewhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware

from timbrespace.errors import AudioError, TimbrespaceError
from timbrespace.explorer.explorer import Explorer
from timbrespace.explorer.placing import BusyError
from timbrespace.explorer.routes import finding, keeping, maps, page, sounds
from timbrespace.explorer.routes.answers import faults
from timbrespace.explorer.safety import Guard
from timbrespace.explorer.settings import ServerSettings

_LONGEST_FAULT = 300


def create_app(library: Path, settings: ServerSettings | None = None) -> FastAPI:
    """The application that serves one library.

    Args:
        library: its folder.
        settings: of the server; None takes the defaults, for this machine only.

    Raises:
        InputError: there is no library.
    """
    settings = settings or ServerSettings()
    explorer = Explorer(library, settings)

    @asynccontextmanager
    async def until_closed(_: FastAPI) -> AsyncIterator[None]:
        yield
        explorer.close()

    app = FastAPI(
        title="timbrespace explorer",
        description="One library of sounds: its map, its sounds, and what is near what.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=until_closed,
        middleware=[Middleware(Guard, settings=settings)],
        responses=faults(_400="The body is not JSON.", _422="The request does not fit."),
        redirect_slashes=False,
    )
    app.state.explorer = explorer
    for router in (maps.router, sounds.router, finding.router, keeping.router, page.router):
        app.include_router(router)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(TimbrespaceError, _impossible)
    return app


async def _invalid(_: Request, fault: Exception) -> JSONResponse:
    """A request that is not as the interface describes it."""
    errors = fault.errors() if isinstance(fault, RequestValidationError) else []
    told = [f"{'.'.join(map(str, each['loc'][1:])) or 'body'}: {each['msg']}" for each in errors]
    return _refused(422, "; ".join(told))


async def _impossible(_: Request, fault: Exception) -> JSONResponse:
    """A request that this library, or this sound, cannot answer."""
    status = 503 if isinstance(fault, BusyError) else 415 if isinstance(fault, AudioError) else 422
    return _refused(status, str(fault))


def _refused(status: int, detail: str) -> JSONResponse:
    cut = detail if len(detail) <= _LONGEST_FAULT else f"{detail[:_LONGEST_FAULT]}…"
    return JSONResponse({"detail": cut}, status)
