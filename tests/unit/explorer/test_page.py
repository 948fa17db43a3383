from timbrespace.explorer.routes import page


def test_a_page_that_is_not_built_is_said(client, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "STATIC", tmp_path / "none")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make page" in answer.text
    assert client.get("/page.js").status_code == 404


def test_the_page_and_its_files_are_served_with_their_types(client, tmp_path, monkeypatch):
    (tmp_path / "static").mkdir()
    for name in ("index.html", "page.js", "page.css", "LICENSES.txt", "secret.py"):
        (tmp_path / "static" / name).write_text(name)
    monkeypatch.setattr(page, "STATIC", tmp_path / "static")
    assert client.get("/").text == "index.html"
    assert client.head("/").headers["content-type"].startswith("text/html")
    assert client.get("/page.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/page.css").headers["content-type"].startswith("text/css")
    assert client.get("/secret.py").status_code == 404
