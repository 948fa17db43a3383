import asyncio

import pytest

from timbrespace.errors import ConfigError
from timbrespace.explorer.safety import Guard
from timbrespace.explorer.settings import ServerSettings

TOKEN = "a-token-of-many-letters"


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]:8765", "127.8.8.8"])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("/api/ids", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8765", "192.168.1.2:8765", "", "[::1", "a b"]
)
def test_a_name_that_a_stranger_made_point_here_is_refused(client, host):
    answer = client.get("/api/ids", headers={"host": host})
    assert answer.status_code == 421
    assert "is not called" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_page_cannot_change_anything(client, ids, headers):
    asked = {"ids": ids[:1], "on": True}
    answer = client.post("/api/favourites", json=asked, headers=headers)
    assert answer.status_code == 403
    assert client.get(f"/api/sounds/{ids[0]}").json()["favourite"] is False


def test_another_page_cannot_read_the_catalogue_but_a_link_opens_the_page(client):
    headers = {"sec-fetch-site": "cross-site"}
    assert client.get("/api/names", headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code in (200, 503)


def test_the_page_itself_may_do_both(client):
    headers = {"origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"}
    assert client.post("/api/search", json={"words": "60"}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/ids", "/api/nothing", "/api/sounds/x"])
def test_every_answer_forbids_what_the_page_does_not_need(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_other_machines_need_the_token(shared_library, serve):
    client = serve(shared_library, host="0.0.0.0", token=TOKEN)
    assert client.get("/api/ids").status_code == 401
    assert client.get("/api/ids", params={"token": "wrong"}).status_code == 401
    bearer = {"authorization": f"Bearer {TOKEN}", "host": "192.168.1.2:8765"}
    assert client.get("/api/ids", headers=bearer).status_code == 200
    assert client.get("/api/ids", headers=bearer | {"host": "evil.example"}).status_code == 421


def test_a_token_in_the_address_becomes_a_cookie(shared_library, serve):
    client = serve(shared_library, host="0.0.0.0", token=TOKEN)
    answer = client.get("/", params={"token": TOKEN, "a": "b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?a=b")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/api/ids").status_code == 200


def test_other_machines_without_a_token_are_a_mistake():
    with pytest.raises(ConfigError, match="needs a token"):
        ServerSettings(host="0.0.0.0")
    with pytest.raises(ConfigError, match="16 characters"):
        ServerSettings(host="0.0.0.0", token="short")


def test_too_large_a_request_is_cut_off(shared_library, serve):
    client = serve(shared_library, most_upload_bytes=1000, most_body_bytes=500)
    assert client.post("/api/place", content=bytes(1001)).status_code == 413
    pieces = (bytes(400) for _ in range(5))  # without a length that could be checked
    assert client.post("/api/place", content=pieces).status_code == 413
    answer = client.post("/api/search", json={"words": "a" * 600})
    assert answer.status_code == 413
    assert "at most 500 bytes" in answer.json()["detail"]


def test_too_slow_a_request_is_cut_off(shared_library, serve):
    client = serve(shared_library, longest_upload_s=0.1)
    sent = []

    async def receive():
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/place",
        "raw_path": b"/api/place",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "app": client.app,
    }
    asyncio.run(client.app(scope, receive, send))
    assert sent[0]["status"] == 408


def test_only_requests_are_checked():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    guard = Guard(app, ServerSettings())
    asyncio.run(guard({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
