import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.evaluation.comparison import compare_runs, read_runs, seed_summaries
from timbrespace.evaluation.significance import compare_by_instrument, compare_systems
from timbrespace.evaluation.verification import verify

LABELS = np.repeat(["bell", "harp", "oboe"], 20)


@pytest.fixture
def found(rng):
    centres = np.repeat(np.eye(3), 20, axis=0)
    return {
        name: verify(
            centres + spread * rng.standard_normal((60, 3)), LABELS, groups={"instrument": LABELS}
        )
        for name, spread in (("a #1", 0.3), ("a #2", 0.4), ("b", 0.9))
    }


def write(path, instrument="oboe"):
    np.savez(path, embeddings=np.eye(2), id=["x", "y"], instrument=[instrument, "harp"])
    return path


def test_files_of_one_name_are_runs_of_one_system(tmp_path):
    one, two, other = (write(tmp_path / f"{name}.npz") for name in ("one", "two", "other"))
    runs = read_runs([f"mel={one}", str(other), f"mel={two}"])
    assert {name: run.system for name, run in runs.items()} == {
        "mel #1": "mel",
        "other": "other",
        "mel #2": "mel",
    }


def test_a_path_may_hold_an_equals_sign(tmp_path):
    (tmp_path / "lr=1").mkdir()
    path = write(tmp_path / "lr=1" / "run.npz")
    assert list(read_runs([str(path)])) == ["run"]
    assert list(read_runs([f"fast={path}"])) == ["fast"]


def test_a_file_given_twice_is_refused(tmp_path):
    path = write(tmp_path / "t.npz")
    with pytest.raises(InputError, match="twice"):
        read_runs([f"a={path}", f"b={path}"])


def test_summaries_are_means_and_deviations_over_seeds(found):
    summaries = seed_summaries(found, {"a #1": "a", "a #2": "a", "b": "b"})
    eers = [found["a #1"].eer, found["a #2"].eer]
    assert summaries["a"] == (2, pytest.approx(np.mean(eers)), pytest.approx(np.std(eers, ddof=1)))
    assert summaries["b"][:2] == (1, found["b"].eer)
    assert np.isnan(summaries["b"].deviation)


def test_runs_are_compared_by_both_tests(found):
    by_trials, by_instrument = compare_runs(found, label="instrument")
    eers = {name: result.eer for name, result in found.items()}
    assert by_trials == compare_systems(eers, n_target=45, n_nontarget=90)
    rates = {name: list(r.group_eers["instrument"].values()) for name, r in found.items()}
    assert by_instrument == compare_by_instrument(rates)


def test_other_trials_cannot_be_compared(found):
    found["b"] = verify(
        np.eye(3)[[0, 1, 2] * 12], ["x", "y", "z"] * 12, groups={"instrument": ["x", "y", "z"] * 12}
    )
    with pytest.raises(InputError, match="same trials"):
        compare_runs(found, label="instrument")


def test_a_single_run_cannot_be_compared(found):
    with pytest.raises(InputError, match="two or more"):
        compare_runs({"b": found["b"]}, label="instrument")
