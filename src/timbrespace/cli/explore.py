"""`timbrespace explore`: a library as a map in the browser.

Comes in: a library. Goes out: a page on this machine, or a folder that is a web site of its own.
"""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

from jsonargparse import ArgumentParser, Namespace

from timbrespace.cli.shared import (
    command_parser,
    console,
    error_console,
    list_problems,
    progress,
    shown_in,
)
from timbrespace.errors import ConfigError, MissingDependencyError

_DESCRIPTION = """Look at a library: a map on which sounds that are alike lie together. Click to
hear a sound, colour and filter the map, find more like a sound, drop a file on it to see where it
belongs, keep tags and favourites.

The page is served on this machine only, until Ctrl-C. With --export it is written as a folder
instead, which works from any web server and from a file share, without timbrespace."""

_EPILOG = """Examples:
  timbrespace library add ~/samples
  timbrespace explore
  timbrespace explore --export my_map
  timbrespace explore --host 0.0.0.0     from other machines too, by the address it prints

Exit codes: 0 done or stopped; 1 written, but some sounds are missing; 2 wrong input or settings."""

_TOKEN_BYTES = 24


def parser() -> ArgumentParser:
    """The command's arguments."""
    parser = command_parser("explore", _DESCRIPTION, _EPILOG)
    parser.add_argument("--library", type=Path, metavar="DIR", help="a library other than your own")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; any but this machine's own "
        "asks browsers for a token, which is part of the address printed (%(default)s)",
    )  # fmt: skip
    parser.add_argument("--port", type=int, help="port; by default the first free one from 8765 on")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--export", type=Path, metavar="FOLDER", help="write a static site here")
    parser.add_argument(
        "--clip", type=float, default=10.0, metavar="SECONDS",
        help="length of sound that each clip of a static site keeps (%(default)s)",
    )  # fmt: skip
    return parser


def run(args: Namespace) -> int:
    """Serve until stopped, or write the site; 0, or 1 if sounds are missing."""
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as fault:
        raise MissingDependencyError(
            "the explorer needs FastAPI and uvicorn: pip install 'timbrespace[explorer]'."
        ) from fault
    if args.port is not None and not 0 <= args.port < 2**16:
        raise ConfigError(f"--port must be from 0 to 65535, got {args.port}.")
    return _export(args) if args.export else _serve(args)


def _serve(args: Namespace) -> int:
    from timbrespace.explorer.server import serve
    from timbrespace.explorer.settings import ServerSettings, is_loopback
    from timbrespace.library import default_folder

    token = None if is_loopback(args.host) else secrets.token_urlsafe(_TOKEN_BYTES)
    settings = ServerSettings(host=args.host, token=token, names=(socket.gethostname(),))
    try:
        serve(
            args.library or default_folder(),
            settings,
            port=args.port,
            browse=not args.no_browser,
            on_ready=lambda address: console().print(f"{address}   Ctrl-C ends it"),
        )
    except KeyboardInterrupt:
        error_console().print("stopped.")
    return 0


def _export(args: Namespace) -> int:
    from timbrespace.explorer.static_site import write_site
    from timbrespace.library import default_folder

    with progress() as bar:
        problems = write_site(
            args.library or default_folder(),
            args.export,
            clip_s=args.clip,
            on_progress=shown_in(bar, {}),
        )
    console().print(f"{args.export / 'index.html'}: open it in a browser, or put the folder online")
    list_problems(problems)
    return 1 if problems else 0
