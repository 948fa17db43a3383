import numpy as np
import pytest
import soundfile

from timbrespace.library import Library


def numbers(answer, kind="<f4"):
    assert answer.status_code == 200
    return np.frombuffer(answer.content, kind)


def test_the_library_is_described(client):
    told = client.get("/api/library").json()
    assert (told["n_sounds"], told["shown"], told["sampled"]) == (73, 73, False)
    assert told["encoder"]["name"] == "toy"
    assert [each["name"] for each in told["projections"]] == [
        "pca3",
        "pca2",
        "pacmap3",
        "opentsne2",
    ]
    assert {"name": "sounds/tone-0", "n": 13} in told["folders"]


def test_everything_is_in_the_order_of_the_ids(client, ids):
    names = client.get("/api/names").json()
    assert ids == sorted(ids)
    assert len(names["names"]) == len(names["folders"]) == len(ids)
    codes = numbers(client.get("/api/columns/instrument/codes"), "<u2")
    values = client.get("/api/columns/instrument").json()["values"]
    pitches = numbers(client.get("/api/columns/pitch_midi"))
    for row in (0, 20, 72):
        sound = client.get(f"/api/sounds/{ids[row]}").json()
        assert sound["path"].rsplit("/", 1)[1].startswith(names["names"][row])
        assert names["folder_names"][names["folders"][row]] == f"sounds/{sound['instrument']}"
        assert values[codes[row]] == sound["instrument"]
        assert pitches[row] == pytest.approx(sound["pitch_midi"], nan_ok=True)


def test_every_column_has_a_value_for_each_point(client, ids):
    for column in client.get("/api/library").json()["columns"]:
        answer = client.get(f"/api/columns/{column['name']}")
        if column["kind"] == "continuous":
            assert len(numbers(answer)) == len(ids)
        else:
            codes = numbers(client.get(answer.json()["codes_url"]), "<u2")
            assert len(codes) == len(ids)
            assert set(codes.tolist()) <= {*range(len(answer.json()["values"])), 65_535}


def test_unknown_numbers_are_nan(client):
    assert np.isnan(numbers(client.get("/api/columns/velocity"))).all()


@pytest.mark.parametrize("dimensions", [2, 3])
def test_pca_is_there_at_once_and_in_the_unit_cube(client, ids, dimensions):
    places = numbers(client.get(f"/api/projections/pca{dimensions}")).reshape(-1, dimensions)
    assert len(places) == len(ids)
    assert places.min() >= -1e-6
    assert places.max() <= 1 + 1e-6
    assert (places.max(axis=0) - places.min(axis=0)).max() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "path",
    ["projections/umap", "columns/path", "columns/pitch_midi/codes", "columns/x/codes", "nothing"],
)
def test_what_there_is_not_is_said(client, path):
    answer = client.get(f"/api/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_new_sounds_come_with_the_next_look_at_the_library(own, own_library, tmp_path, rng):
    before = numbers(own.get("/api/projections/pca3")).reshape(-1, 3)
    (tmp_path / "new").mkdir()
    soundfile.write(tmp_path / "new" / "noise.wav", 0.1 * rng.standard_normal(8_000), 16_000)
    with Library.open(own_library) as library:
        library.add([tmp_path / "new"])
    assert len(numbers(own.get("/api/ids"), "<u4")) == 73  # what the page knows holds
    assert own.get("/api/library").json()["shown"] == 74
    after = numbers(own.get("/api/projections/pca3")).reshape(-1, 3)
    np.testing.assert_array_equal(after[:73], before)
    assert np.isfinite(after[73]).all()
    state = own.get("/api/library").json()["projections"][0]
    assert (state["fitted"], state["placed"]) == (73, 1)


def test_a_large_library_is_shown_by_a_sample_and_that_is_said(shared_library, serve):
    told = serve(shared_library, most_points=10).get("/api/library").json()
    assert (told["n_sounds"], told["shown"], told["sampled"]) == (73, 10, True)


def test_an_empty_library_has_an_empty_map(tmp_path, serve):
    Library.open(tmp_path / "library").close()
    client = serve(tmp_path / "library")
    told = client.get("/api/library").json()
    assert (told["n_sounds"], told["encoder"]["name"]) == (0, None)
    assert client.get("/api/ids").content == b""
    assert client.get("/api/columns/cluster").json()["values"] == []
    assert client.get("/api/projections/pca3").status_code == 409
    assert client.post("/api/projections/pacmap3").status_code == 409
    assert client.post("/api/search", json={"words": "a"}).json()["hits"] == []
