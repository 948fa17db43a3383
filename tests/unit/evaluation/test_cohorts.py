import numpy as np
import pytest

from timbrespace.embeddings import (
    embeddings_table,
    encoder_of,
    read_embeddings,
    write_embeddings,
)
from timbrespace.errors import InputError
from timbrespace.evaluation.cohorts import cohorts_of_runs, instrument_means
from timbrespace.evaluation.comparison import read_runs
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import encoder_hash, load_encoder
from timbrespace.models.folders import COHORT
from timbrespace.models.sources import DEFAULT_FOLDER


@pytest.fixture
def write(tmp_path, rng):
    """Writes a table of two sounds of each instrument; returns its path as text."""

    def written(name, instruments, *, encoder="ours", dimensions=4, prefix="", **columns):
        rows = [
            {"id": f"{prefix}{k}", "path": f"{k}.wav", "instrument": instrument, **columns}
            for k, instrument in enumerate([*instruments, *instruments])
        ]
        vectors = rng.standard_normal((len(rows), dimensions))
        table = embeddings_table(
            manifest_from_rows(rows), vectors, encoder_name=encoder, encoder_hash=encoder
        )
        write_embeddings(table, tmp_path / f"{name}.parquet")
        return str(tmp_path / f"{name}.parquet")

    return written


def test_an_instrument_is_the_mean_of_its_unit_vectors():
    means = instrument_means([[9, 0], [0, 1], [0, 3], [0, 2]], ["b", "b", "a", "a"])
    np.testing.assert_allclose(means, [[0, 1], [0.5**0.5, 0.5**0.5]])


def test_a_cohort_is_for_the_runs_of_its_own_encoder(write):
    runs = read_runs([write("t", "ab"), write("u", "ab", encoder="theirs")])
    cohorts = cohorts_of_runs([write("c", "cde", prefix="c")], runs)
    assert {name: vectors.shape for name, vectors in cohorts.items()} == {"ours": (3, 4)}
    np.testing.assert_allclose(np.linalg.norm(cohorts["ours"], axis=1), 1)


def test_seeds_of_a_system_have_cohorts_of_their_own(write):
    places = [f"mel={write(f's{k}', 'ab', encoder=f'seed {k}')}" for k in range(2)]
    given = [f"mel={write(f'c{k}', 'cd', encoder=f'seed {k}', prefix='c')}" for k in (1, 0)]
    assert set(cohorts_of_runs(given, read_runs(places))) == {"mel #1", "mel #2"}


def test_the_default_is_that_of_the_encoder_that_comes_along(write, tmp_path, monkeypatch):
    runs = read_runs([write("t", "ab")])
    write("cohort", "cd", prefix="c")
    monkeypatch.setattr("timbrespace.evaluation.cohorts.DEFAULT_FOLDER", tmp_path)
    assert cohorts_of_runs(["default"], runs)["ours"].shape == (2, 4)


@pytest.mark.skipif(not DEFAULT_FOLDER.is_dir(), reason="this source tree has no default encoder")
def test_the_cohort_that_comes_along_is_of_the_encoder_that_comes_along():
    cohort = read_embeddings(DEFAULT_FOLDER / COHORT)
    assert encoder_of(cohort)[1] == encoder_hash(load_encoder())
    assert len(set(cohort["instrument"].to_pylist())) == cohort.num_rows > 300


def test_a_cohort_of_another_encoder_is_refused(write):
    runs = read_runs([write("t", "ab")])
    with pytest.raises(InputError, match=r"made by theirs \(theirs\); but ours was made by ours"):
        cohorts_of_runs([write("c", "cd", encoder="theirs")], runs)


def test_a_cohort_of_other_dimensions_is_refused(write):
    runs = read_runs([write("t", "ab", encoder="")])
    with pytest.raises(InputError, match="its vectors have 3 values, those of t 4"):
        cohorts_of_runs([write("c", "cd", encoder="", dimensions=3)], runs)


def test_of_unknown_encoders_the_system_must_be_named(write):
    places = [write("t", "ab", encoder=""), write("u", "ab", encoder="")]
    cohort = write("c", "cd", encoder="", prefix="c")
    with pytest.raises(InputError, match="give it as NAME=FILE"):
        cohorts_of_runs([cohort], read_runs(places))
    assert set(cohorts_of_runs([f"u={cohort}"], read_runs(places))) == {"u"}
    with pytest.raises(InputError, match="'v', which is none of the systems: t, u"):
        cohorts_of_runs([f"v={cohort}"], read_runs(places))


@pytest.mark.parametrize(
    ("trials", "cohort"),
    [
        ({}, {}),  # the same sounds
        ({"maker": "Sax"}, {"maker": "Sax", "prefix": "c"}),  # other sounds of one instrument
    ],
)
def test_an_instrument_of_the_trials_is_refused(write, trials, cohort):
    runs = read_runs([write("t", "ab", **trials)])
    with pytest.raises(InputError, match="1 of its instruments are also in ours: b"):
        cohorts_of_runs([write("c", "cb", **cohort)], runs)


@pytest.mark.parametrize("maker", [None, "Sax"])
def test_another_instrument_of_the_same_name_may_be_in_the_cohort(write, maker):
    runs = read_runs([write("t", "ab", maker="Buffet")])
    cohort = write("c", "ab", prefix="c", maker=maker)
    assert cohorts_of_runs([cohort], runs)["ours"].shape == (2, 4)


def test_two_cohorts_of_one_run_are_refused(write):
    runs = read_runs([write("t", "ab")])
    cohorts = [write(f"c{k}", "cd", prefix="c") for k in range(2)]
    with pytest.raises(InputError, match=r"ours is given two cohorts, the second is .*c1"):
        cohorts_of_runs(cohorts, runs)


def test_a_cohort_without_instruments_is_refused(write):
    runs = read_runs([write("t", "ab")])
    with pytest.raises(InputError, match="no row has a value in 'instrument'"):
        cohorts_of_runs([write("c", [None], prefix="c")], runs)
