import pytest

from timbrespace.library import Library


def test_tags_and_favourites_are_kept_in_the_catalogue(own, own_library, ids):
    asked = {"ids": ids[:3], "add": ["warm", "long tail"]}
    assert own.post("/api/tags", json=asked).status_code == 204
    assert own.post("/api/tags", json={"ids": ids[:1], "remove": ["warm"]}).status_code == 204
    assert own.post("/api/favourites", json={"ids": ids[1:2], "on": True}).status_code == 204
    with Library.open(own_library, writable=False) as library:
        rows = library.rows(["tags", "favourite"], where=("id <= ?", [ids[2]])).to_pylist()
    assert [sorted(row["tags"]) for row in rows] == [
        ["long tail"],
        ["long tail", "warm"],
        ["long tail", "warm"],
    ]
    assert [row["favourite"] for row in rows] == [0, 1, 0]
    assert own.get("/api/columns/tag").json()["values"] == ["long tail, warm", "long tail"]
    assert own.get(f"/api/sounds/{ids[1]}").json()["favourite"] is True


@pytest.mark.parametrize("tag", ["", "a\nb", "x" * 101, 3])
def test_a_tag_is_a_short_line(client, ids, tag):
    assert client.post("/api/tags", json={"ids": ids[:1], "add": [tag]}).status_code == 422


def test_sounds_that_are_not_there_cannot_be_tagged(client, ids):
    assert client.post("/api/tags", json={"ids": [10**6], "add": ["a"]}).status_code == 404
    assert (
        client.post("/api/favourites", json={"ids": [ids[0], 7777], "on": True}).status_code == 404
    )
