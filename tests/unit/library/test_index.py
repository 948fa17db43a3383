import numpy as np

from timbrespace.library.index import INDEXED_FROM, neighbours, refresh


def test_small_libraries_have_none(tmp_path, rng, clustered, drawn_library):
    catalogue, vectors = drawn_library(tmp_path, clustered(rng, 50))
    refresh(catalogue, vectors)
    assert INDEXED_FROM == 300_000
    assert not list(tmp_path.glob("index-*"))
    assert neighbours(catalogue, vectors[0].astype(np.float32), 5) is None


def test_new_sounds_are_added_and_known_ones_not_again(tmp_path, rng, clustered, drawn_library):
    catalogue, vectors = drawn_library(tmp_path, clustered(rng, 800))
    with catalogue.transaction():  # as before the last 300 were added
        catalogue.execute("CREATE TEMP TABLE later AS SELECT * FROM sounds WHERE id > 500")
        catalogue.execute("DELETE FROM sounds WHERE id > 500")
    refresh(catalogue, vectors, least_sounds=1)
    last = vectors[799].astype(np.float32)
    assert 799 not in neighbours(catalogue, last, 5)
    with catalogue.transaction():
        catalogue.execute("INSERT INTO sounds SELECT * FROM later")
    refresh(catalogue, vectors, least_sounds=1)
    assert 799 in neighbours(catalogue, last, 5)
    file = tmp_path / "index-0123456789abcdef.usearch"
    before = file.stat()
    refresh(catalogue, vectors, least_sounds=1)
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert neighbours(catalogue, last, 800).size > 780  # each slot once


def test_a_stop_before_the_facts_are_kept_does_no_harm(
    tmp_path, rng, monkeypatch, clustered, drawn_library
):
    catalogue, vectors = drawn_library(tmp_path, clustered(rng, 300))
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "set_meta", lambda *arguments: None)
        refresh(catalogue, vectors, least_sounds=1)
    refresh(catalogue, vectors, least_sounds=1)  # adds them all once more
    found = neighbours(catalogue, vectors[0].astype(np.float32), 20)
    assert 0 in found
    assert np.unique(found).size == found.size
