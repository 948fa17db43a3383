import csv
import io
import zipfile
from pathlib import Path

import pytest


def export(client, ids, form):
    answer = client.post("/api/export", json={"ids": ids, "format": form})
    assert answer.status_code == 200
    assert f"selection.{form}" in answer.headers["content-disposition"]
    return answer.content


def test_a_table_holds_a_row_for_each_sound(client, ids):
    asked = ids[2::-1]
    rows = list(csv.DictReader(io.StringIO(export(client, asked, "csv").decode())))
    assert [int(row["id"]) for row in rows] == asked
    assert rows[0]["instrument"] == "tone-0"
    assert Path(rows[0]["path"]).is_file()


def test_a_spreadsheet_computes_nothing(own, ids):
    own.post("/api/tags", json={"ids": ids[:1], "add": ['=HYPERLINK("http://evil.example")']})
    (row,) = csv.DictReader(io.StringIO(export(own, ids[:1], "csv").decode()))
    assert row["tags"].startswith("'=")


def test_a_playlist_names_each_file_once(client, ids):
    lines = export(client, [*ids[:2], ids[0]], "m3u").decode().splitlines()
    assert lines[0] == "#EXTM3U"
    assert len([line for line in lines if Path(line).is_file()]) == 2


def test_an_archive_holds_the_files(client, ids):
    with zipfile.ZipFile(io.BytesIO(export(client, ids, "zip"))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names)) == len(ids)
        assert not [name for name in names if name.startswith("/") or ".." in name]
        path = Path(client.get(f"/api/sounds/{ids[0]}").json()["path"])
        assert archive.read(f"sounds/tone-0/{path.name}") == path.read_bytes()
        assert archive.read("sounds/tone-0/stereo.aiff")[:4] == b"FORM"  # as it is


def test_what_is_missing_is_listed_in_the_archive(own, own_library, ids, monkeypatch):
    explorer = own.app.state.explorer
    with explorer.writing._catalogue.transaction():
        explorer.writing._catalogue.execute(
            "UPDATE files SET path = path || '-gone' WHERE id IN "
            "(SELECT file_id FROM sounds WHERE id = ?)",
            [ids[0]],
        )
    with zipfile.ZipFile(io.BytesIO(export(own, ids[:2], "zip"))) as archive:
        assert "-gone" in archive.read("missing.txt").decode()
        assert len(archive.namelist()) == 2


@pytest.mark.parametrize("form", ["csv", "m3u", "zip"])
def test_strange_ids_are_refused(client, ids, form):
    asked = {"ids": [ids[0], 10**6], "format": form}
    assert client.post("/api/export", json=asked).status_code == 404
    assert client.post("/api/export", json=asked | {"ids": []}).status_code == 422
