"""Settings of the server: where it listens, who may ask, and how much a request may cost.

Comes in: what the user chose. Goes out: checked settings.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from timbrespace.errors import ConfigError

_SHORTEST_TOKEN = 16


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """How the explorer is served.

    Attributes:
        host: address to listen on; any but this machine's own needs a token.
        token: what a browser must bring along; None asks for nothing.
        names: further names by which this machine may be called in an address.
        most_upload_bytes: of a sound that is dropped on the page.
        most_body_bytes: of any other request.
        longest_upload_s: for sending a request, and again for hearing a sound.
        most_worker_bytes: memory that hearing a sound may take, beside what the encoder needs.
        most_points: sounds on the map; of a larger library, a sample is shown.
    """

    host: str = "127.0.0.1"
    token: str | None = None
    names: tuple[str, ...] = ()
    most_upload_bytes: int = 50_000_000
    most_body_bytes: int = 16_000_000
    longest_upload_s: float = 20.0
    most_worker_bytes: int = 1 << 30
    most_points: int = 1_000_000

    def __post_init__(self) -> None:
        if self.token is None and not is_loopback(self.host):
            raise ConfigError(
                f"host {self.host} can be reached from other machines, so it needs a token; "
                "set one, or listen on 127.0.0.1."
            )
        if self.token is not None and len(self.token) < _SHORTEST_TOKEN:
            raise ConfigError(
                f"a token needs {_SHORTEST_TOKEN} characters or more, got {len(self.token)}."
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, False)
    """
    address = host.strip("[]")
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address.lower() == "localhost"
