"""Who may ask, from where, and how much: checked before any route sees a request.

Comes in: every HTTP request. Goes out: the request, or a refusal; and on every response the headers
that keep a browser from doing what the page does not need.

The dangers are other web pages open in the same browser, which can send requests to this machine
(refused by `Origin` and `Sec-Fetch-Site`), names that a stranger lets point to this machine (DNS
rebinding, refused by `Host`), other people on the network (refused without the token), and requests
without end (cut off by size and time).
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timbrespace.explorer.settings import ServerSettings, is_loopback

COOKIE = "timbrespace-token"
UPLOAD_PATH = "/api/place"

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """The checks around an application.

    Args:
        app: what is guarded.
        settings: of the server.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            await refusal(scope, receive, send_with_headers)
        else:
            await self._app(scope, self._limited(scope, receive), send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own_name(host):
            return _refused(
                421, f"this server is not called {host[:100]!r}; open the address that it printed."
            )
        if not _is_own_page(scope, headers, host):
            return _refused(403, "the request comes from another web page; open the page itself.")
        if self._settings.token is not None:
            return self._without_token(scope, headers)
        return None

    def _is_own_name(self, host: str) -> bool:
        """Whether the `Host` cannot be a stranger's name: names are known, or numbers."""
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        if not name:
            return False
        if is_loopback(name) or name in self._settings.names or name == self._settings.host:
            return True
        return self._settings.token is not None and _is_number(name)

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and scope["method"] == "GET" and self._is_token(given):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            answer = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(COOKIE, given, httponly=True, samesite="strict")
            return answer
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if self._is_token(_cookie(headers)) or self._is_token(bearer):
            return None
        return _refused(401, "a token is needed; open the address that the server printed.")

    def _is_token(self, given: str) -> bool:
        wanted = self._settings.token or ""
        return secrets.compare_digest(given.encode(), wanted.encode())

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` that stops at too many bytes, or too long a wait for them."""
        is_upload = scope["path"] == UPLOAD_PATH
        most = self._settings.most_upload_bytes if is_upload else self._settings.most_body_bytes
        too_large = HTTPException(413, f"a request here holds at most {most} bytes; send less.")
        deadline = asyncio.get_running_loop().time() + self._settings.longest_upload_s
        received, complete = 0, False

        async def limited() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()  # waits for the client to leave
            if int(_digits(Headers(scope=scope).get("content-length", "0"))) > most:
                raise too_large
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(
                    408, f"the request took over {self._settings.longest_upload_s:g} s; send less."
                ) from None
            received += len(message.get("body", b""))
            if received > most:
                raise too_large
            complete = not message.get("more_body", False)
            return message

        return limited


def _is_own_page(scope: Scope, headers: Headers, host: str) -> bool:
    """Whether a request that changes something, or reads the catalogue, is from this page."""
    if scope["method"] not in _SAFE_METHODS:
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return False
    is_page = not scope["path"].startswith("/api/") and scope["method"] in _SAFE_METHODS
    return is_page or headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 19 else "0"


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
