import time

import numpy as np

from timbrespace.explorer.points import read_points
from timbrespace.explorer.projections import Projections
from timbrespace.library import Library


def state_of(client, name):
    told = client.get("/api/library").json()["projections"]
    return next(each for each in told if each["name"] == name)


def wait_until_ready(client, name):
    for _ in range(2400):
        state = state_of(client, name)
        if state["state"] != "computing":
            return state
        time.sleep(0.05)
    raise TimeoutError(name)


def test_a_map_is_laid_out_beside_the_server_and_kept(own_library, serve):
    client = serve(own_library)
    assert client.get("/api/projections/opentsne2").status_code == 409
    assert client.post("/api/projections/opentsne2").status_code == 202
    assert client.post("/api/projections/opentsne2").status_code == 202
    assert client.post("/api/projections/pacmap3").status_code == 409
    state = wait_until_ready(client, "opentsne2")
    assert (state["state"], state["fitted"], state["placed"]) == ("ready", 73, 0)
    places = client.get("/api/projections/opentsne2").content
    assert len(places) == 73 * 2 * 4
    assert serve(own_library).get("/api/projections/opentsne2").content == places


def test_a_map_can_be_cancelled_and_begun_again(own_library, serve):
    client = serve(own_library)
    client.post("/api/projections/opentsne2")
    assert client.delete("/api/projections/opentsne2").status_code == 204
    assert state_of(client, "opentsne2")["state"] == "absent"
    assert not list((own_library / "projections").glob("*opentsne2*"))
    assert client.post("/api/projections/opentsne2").status_code == 202
    job = client.app.state.explorer.projections._job
    client.app.state.explorer.close()
    assert not job._process.is_alive()


def test_a_process_that_dies_is_a_fault_that_is_told(own):
    own.post("/api/projections/opentsne2")
    own.app.state.explorer.projections._job._process.kill()
    state = wait_until_ready(own, "opentsne2")
    assert state["state"] == "absent"
    assert "memory" in state["fault"]


def test_sounds_that_changed_are_placed_anew_and_the_rest_stay(own_library):
    with Library.open(own_library) as library:
        points = read_points(library, most=10**6)
        maps = Projections(library, own_library / "projections")
        before = maps.coordinates("pca2", points)
        matrix = next(own_library.glob("vectors-*.f16"))
        rows = np.fromfile(matrix, "<f2").reshape(len(library.vectors), -1)
        rows[points.slots[4]] = rows[points.slots[60]]
        rows.tofile(matrix)
        again = Projections(library, own_library / "projections")
        after = again.coordinates("pca2", points)
    moved = np.flatnonzero((before != after).any(axis=1))
    assert moved.tolist() == [4]
    np.testing.assert_allclose(after[4], after[60], atol=0.02)


def test_another_librarys_map_is_of_no_use(own_library):
    with Library.open(own_library) as library:
        points = read_points(library, most=10**6)
        maps = Projections(library, own_library / "projections")
        maps.coordinates("pca2", points)
        file = maps.file_of("pca2")
        with np.load(file) as kept:
            strange = dict(kept) | {"marks": kept["marks"] + 1}
        np.savez(file, **strange)
        again = Projections(library, own_library / "projections")
        found = again.coordinates("pca2", points)
    np.testing.assert_allclose(found, maps.coordinates("pca2", points), atol=1e-6)
