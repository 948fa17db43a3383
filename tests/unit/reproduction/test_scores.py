import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.metrics import roc_curve

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.reproduction.scores import score


def trials_of_a_draw(vectors, instruments, rng):
    """Cosine, and whether it is a target trial, of each other note with each enrolment."""
    unit = vectors.astype(float) / np.linalg.norm(vectors.astype(float), axis=1, keepdims=True)
    order = rng.permutation(len(unit))
    enrolled = {
        name: [row for row in order if instruments[row] == name][:5] for name in set(instruments)
    }
    means = {name: unit[rows].mean(axis=0) for name, rows in enrolled.items()}
    tested = set(range(len(unit))) - {row for rows in enrolled.values() for row in rows}
    return zip(
        *(
            (unit[row] @ mean / np.linalg.norm(mean), instruments[row] == name)
            for row in tested
            for name, mean in means.items()
        ),
        strict=True,
    )


def hull_eer(cosines, is_target):
    """The hull's equal error rate as the dearest of all weightings of misses and false alarms."""
    p_fa, hit, _ = roc_curve(is_target, cosines, drop_intermediate=False)
    found = minimize_scalar(
        lambda weight: -np.min(weight * p_fa + (1 - weight) * (1 - hit)),
        bounds=(0, 1),
        options={"xatol": 1e-10},
    )
    return -found.fun


def test_rates_are_those_of_scikit_learn_and_scipy(tables, scores):
    for name, table in tables.items():
        instruments = table["instrument"].to_pylist()
        draws = np.random.default_rng(0).spawn(10)
        theirs = [hull_eer(*trials_of_a_draw(vectors_of(table), instruments, rng)) for rng in draws]
        ours = scores["exhaustive"].found[name].eers
        assert ours == pytest.approx(theirs, abs=1e-8)  # the search ends so near to the weight


def test_the_middle_run_is_nearest_to_the_mean_over_seeds(scores):
    of = scores["paper"]
    eers = [of.found[name].eer for name in ("base-10", "base-100", "base-1000")]
    summary = of.summaries["base"]
    assert summary.mean == pytest.approx(sum(eers) / 3)
    assert summary.deviation == pytest.approx(np.std(eers, ddof=1))
    assert of.middle_run("base") == of.runs("base")[np.argmin(np.abs(eers - np.mean(eers)))]
    assert of.runs("no-family") == []
    assert of.middle["mfcc"] is of.found["mfcc"]


def test_both_protocols_are_scored_with_their_numbers_of_trials(scores):
    trials = {
        protocol: (found.n_target, found.n_nontarget, found.instrument_interval is not None)
        for protocol, of in scores.items()
        for found in of.found.values()
    }
    assert trials == {"paper": (60, 60, False), "exhaustive": (75, 150, True)}


def test_runs_on_other_notes_are_refused(tables):
    with pytest.raises(InputError, match="do not hold the same sounds"):
        score({"a": tables["mfcc"], "b": tables["mfcc"].slice(1)}, {"a": "a", "b": "b"})
