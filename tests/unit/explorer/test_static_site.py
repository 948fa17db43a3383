import base64
import io
import json

import numpy as np
import pytest
import soundfile

from timbrespace.errors import ConfigError, InputError
from timbrespace.explorer.static_site import short_vectors, write_site
from timbrespace.library import Library


@pytest.fixture(scope="module")
def site(shared_library, tmp_path_factory):
    """A site, and what was reported on the way."""
    out, reported = tmp_path_factory.mktemp("sites") / "site", []
    problems = write_site(
        shared_library, out, clip_s=0.2, on_progress=lambda *report: reported.append(report)
    )
    assert problems == []
    return out, reported


def value(site, file):
    """What a data file gives the page, which calls it by its name."""
    text = (site[0] / file).read_text("ascii")
    name, said = json.loads(
        f"[{text.removeprefix('timbrespaceData(').removesuffix(');' + chr(10))}]"
    )
    assert name.replace("/", "-") in (file.split("/")[1][:-3], file.replace("/", "-")[:-3])
    return said


def array(text, kind):
    return np.frombuffer(base64.b64decode(text, validate=True), kind)


def test_the_page_knows_that_it_is_static(site):
    html = (site[0] / "index.html").read_text()
    assert html.index('<script src="static.js">') < html.index('src="page.js"')
    assert (site[0] / "static.js").read_text() == "window.TIMBRESPACE_STATIC = true;\n"
    assert (site[0] / "page.css").is_file()


def test_the_data_are_those_of_the_server(site, client, ids):
    told = value(site, "data/library.js")
    assert told["static"] is True
    assert array(value(site, "data/ids.js"), "<u4").tolist() == ids
    assert value(site, "data/names.js") == client.get("/api/names").json()
    assert [each["name"] for each in told["projections"]] == [
        "pca3",
        "pca2",
        "pacmap3",
        "opentsne2",
    ]
    for each in told["projections"]:
        places = array(value(site, f"data/projections-{each['name']}.js"), "<f4")
        assert len(places) == each["dimensions"] * len(ids)
        assert np.isfinite(places).all()
    for column in told["columns"]:
        said = value(site, f"data/columns-{column['name']}.js")
        served = client.get(f"/api/columns/{column['name']}")
        if column["kind"] == "continuous":
            assert base64.b64decode(said) == served.content
        else:
            assert said["values"] == served.json()["values"]
            codes = value(site, f"data/columns-{column['name']}-codes.js")
            assert base64.b64decode(codes) == client.get(served.json()["codes_url"]).content


def test_every_sound_is_told_and_can_be_heard(site, client, ids):
    told = value(site, "data/sounds-0.js")
    assert list(map(int, told)) == ids
    sound, served = told[str(ids[0])], client.get(f"/api/sounds/{ids[0]}").json()
    assert sound["waveform"] == served["waveform"]
    assert sound["path"] == "sounds/tone-0/0-48.wav"
    for number in (ids[0], ids[-1]):
        clip = base64.b64decode(value(site, f"clips/{number}.js"))
        heard, rate = soundfile.read(io.BytesIO(clip))
        assert rate == 16_000
        assert 0.15 < len(heard) / rate < 0.5
        assert np.abs(heard).max() > 0.1


def test_nothing_tells_where_files_lie(site, sounds):
    machine = str(sounds.parent)
    for file in site[0].rglob("*.*"):
        text = file.read_text()
        assert machine not in text, file
        assert "content_hash" not in text or file.name == "page.js"


def test_progress_reaches_the_end_of_each_work(site):
    last = {work: (done, total) for work, done, total in site[1]}
    assert last["clips"] == (73, 73)
    assert all(done == total for done, total in last.values())


def test_short_vectors_keep_the_order_of_neighbours(rng):
    vectors = rng.standard_normal((300, 128)) * np.linspace(2, 0.1, 128)
    short = short_vectors(vectors)
    codes = array(short["codes"], "i1").reshape(300, short["dimensions"])
    rows = codes * array(short["scales"], "<f4")[:, None]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=0.02)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    centred = unit - unit.mean(axis=0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    assert np.corrcoef((rows @ rows.T).ravel(), (centred @ centred.T).ravel())[0, 1] > 0.98


def test_a_folder_of_other_things_is_left_alone(shared_library, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="not empty"):
        write_site(shared_library, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(ConfigError, match="clip_s"):
        write_site(shared_library, tmp_path / "site", clip_s=0)


def test_an_empty_library_has_no_site(tmp_path):
    Library.open(tmp_path / "library").close()
    with pytest.raises(InputError, match="is empty"):
        write_site(tmp_path / "library", tmp_path / "site")
