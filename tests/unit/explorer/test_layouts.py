import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.trustworthiness import trustworthiness
from timbrespace.explorer import layouts
from timbrespace.explorer.layouts import KINDS, fit, load_layout, marks_of, place, save_layout
from timbrespace.explorer.neighbours import neighbours_of


@pytest.fixture
def vectors(rng):
    """Five groups of forty unit vectors."""
    rows = np.repeat(rng.standard_normal((5, 12)), 40, axis=0) + 0.3 * rng.standard_normal(
        (200, 12)
    )
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def laid_out(name, vectors):
    ids = np.arange(1, len(vectors) + 1, dtype=np.uint32)
    return fit(KINDS[name], ids, vectors, on_progress=lambda share: None)


@pytest.mark.parametrize("name", KINDS)
def test_maps_lie_in_the_unit_cube_and_keep_neighbours(name, vectors):
    layout = laid_out(name, vectors)
    assert layout.coordinates.shape == (200, KINDS[name].dimensions)
    assert layout.coordinates.min() >= -1e-6
    assert layout.coordinates.max() <= 1 + 1e-6
    judged = trustworthiness(vectors.astype(np.float64), layout.coordinates, neighbours=5)
    assert judged > 0.85


@pytest.mark.parametrize("count", [1, 2, 3])
def test_pca_takes_as_few_sounds_as_there_are(count, vectors):
    assert np.isfinite(laid_out("pca3", vectors[:count]).coordinates).all()
    with pytest.raises(InputError, match="at least"):
        laid_out("pacmap3", vectors[:count])


@pytest.mark.parametrize("name", ["pca3", "opentsne2"])
def test_a_sound_is_placed_where_its_like_lie(name, vectors):
    known, new = vectors[np.arange(200) % 10 > 0], vectors[::10]
    layout = laid_out(name, known)
    places = place(new, known, layout.coordinates, layout.directions)
    group = np.repeat(np.arange(5), 36)
    distance = np.linalg.norm(places[:, None] - layout.coordinates, axis=-1)
    assert (group[distance.argmin(axis=1)] == np.repeat(np.arange(5), 4)).mean() >= 0.9


@pytest.mark.parametrize("name", ["pca2", "opentsne2"])
def test_a_sound_of_the_map_is_placed_on_itself(name, vectors):
    layout = laid_out(name, vectors)
    places = place(vectors[:20], vectors, layout.coordinates, layout.directions)
    np.testing.assert_allclose(places, layout.coordinates[:20], atol=0.05)  # of the cube's side


def test_of_very_many_sounds_a_sample_is_laid_out_and_the_others_placed(vectors, monkeypatch):
    kind = layouts.LayoutKind("few", "pca", 2, 50)
    ids = np.arange(200, dtype=np.uint32)
    layout = fit(kind, ids, vectors, on_progress=lambda share: None)
    assert layout.n_fitted == 50
    assert np.isfinite(layout.coordinates).all()


def test_progress_rises_to_the_end(vectors):
    shares = []
    ids = np.arange(200, dtype=np.uint32)
    fit(KINDS["opentsne2"], ids, vectors, on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_a_map_comes_back_from_its_file_and_a_broken_file_is_none(vectors, tmp_path):
    layout, file = laid_out("pca2", vectors), tmp_path / "maps" / "map.npz"
    save_layout(layout, file)
    found = load_layout(file, 2)
    np.testing.assert_array_equal(found.coordinates, layout.coordinates)
    assert found.n_fitted == layout.n_fitted
    assert [path.name for path in file.parent.iterdir()] == ["map.npz"]
    assert load_layout(file, 3) is None
    assert load_layout(tmp_path / "none.npz", 2) is None
    for content in (b"", b"rubbish", file.read_bytes()[:-200]):
        file.write_bytes(content)
        assert load_layout(file, 2) is None


def test_a_file_of_objects_is_never_unpickled(tmp_path):
    np.savez(tmp_path / "map.npz", ids=np.array([{}], dtype=object))
    assert load_layout(tmp_path / "map.npz", 2) is None


def test_marks_tell_what_changed(vectors):
    changed = vectors.copy()
    changed[3, 0] += 0.01
    assert np.flatnonzero(marks_of(vectors) != marks_of(changed)).tolist() == [3]
    assert len(set(marks_of(vectors).tolist())) == 200


def test_neighbours_are_those_of_all_cosines(vectors, monkeypatch):
    monkeypatch.setattr("timbrespace.explorer.neighbours._BLOCK_ROWS", 17)
    unit = vectors.astype(np.float32)
    rows, cosines = neighbours_of(unit[:9], vectors)
    every = unit[:9] @ unit.T
    np.testing.assert_allclose(cosines, np.sort(every, axis=1)[:, ::-1][:, :10], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, rows, axis=1), cosines, atol=1e-6)
