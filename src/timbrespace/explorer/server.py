"""Serve the explorer on this machine and open a browser.

Comes in: a library's folder and settings. Goes out: nothing; it runs until it is stopped, and then
ends every process that it started.
"""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from timbrespace.errors import InputError
from timbrespace.explorer.app import create_app
from timbrespace.explorer.settings import ServerSettings, is_loopback

FIRST_PORT = 8765
_PORTS_TRIED = 20
_END_S = 2


def serve(
    library: Path,
    settings: ServerSettings,
    *,
    port: int | None = None,
    browse: bool = True,
    on_ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until a signal comes.

    Args:
        library: its folder.
        settings: of the server.
        port: to listen on; None takes the first that is free from 8765 on.
        browse: open the page in the user's browser.
        on_ready: called with the page's address, token included, once it can be opened.

    Raises:
        InputError: there is no library, or the port or address cannot be listened on.
    """
    listening = listening_socket(settings.host, port)
    with listening:
        address = page_address(settings, listening.getsockname()[1])
        app = create_app(library, settings)

        def ready() -> None:
            app.state.explorer.searches.warm()
            app.state.explorer.placer.warm()
            on_ready(address)
            if browse:
                webbrowser.open(address)

        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_END_S,
            lifespan="on",
        )
        _Server(config, ready).run(sockets=[listening])


def listening_socket(host: str, port: int | None) -> socket.socket:
    """A socket on a port, or on the first free one.

    Raises:
        InputError: the port is taken, or the address is not this machine's.
    """
    ports = range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED) if port is None else [port]
    for number in ports:
        try:
            return _bound(host, number)
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE or port is not None:
                reason = fault.strerror or fault
                raise InputError(
                    f"{host}:{number} cannot be listened on ({reason}); choose another port."
                ) from fault
    raise InputError(f"ports {ports[0]} to {ports[-1]} are taken; choose one with --port.")


def page_address(settings: ServerSettings, port: int) -> str:
    """Where the page is to be opened.

    Example:
        >>> page_address(ServerSettings(), 8765)
        'http://127.0.0.1:8765/'
    """
    host = settings.host
    if not is_loopback(host) and host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    name = f"[{host}]" if ":" in host else host
    token = f"?token={settings.token}" if settings.token else ""
    return f"http://{name}:{port}/{token}"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()
