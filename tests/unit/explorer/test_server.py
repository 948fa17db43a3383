import socket

import pytest

from timbrespace.errors import InputError
from timbrespace.explorer.server import FIRST_PORT, listening_socket, page_address
from timbrespace.explorer.settings import ServerSettings


def test_a_free_port_is_found():
    with (
        listening_socket("127.0.0.1", None) as first,
        listening_socket("127.0.0.1", None) as second,
    ):
        ports = [each.getsockname()[1] for each in (first, second)]
    assert FIRST_PORT <= ports[0] < ports[1]


def test_a_port_that_is_taken_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"{port} cannot be listened on"):
            listening_socket("127.0.0.1", port)


def test_an_address_of_another_machine_is_said():
    with pytest.raises(InputError, match="cannot be listened on"):
        listening_socket("192.0.2.1", 0)


def test_the_address_holds_the_token_and_brackets():
    settings = ServerSettings(host="192.168.1.2", token="a-token-of-many-letters")
    assert page_address(settings, 1) == "http://192.168.1.2:1/?token=a-token-of-many-letters"
    assert page_address(ServerSettings(host="::1"), 2) == "http://[::1]:2/"
