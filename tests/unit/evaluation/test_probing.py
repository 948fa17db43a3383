import json
import math

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.probing import probe
from timbrespace.evaluation.probing_classifiers import CLASSIFIERS
from timbrespace.evaluation.probing_results import relative_improvement
from timbrespace.evaluation.probing_splits import split_rows
from timbrespace.manifest import manifest_from_rows

FAMILIES = ("reed", "brass", "flute")
N_INSTRUMENTS = 12


@pytest.fixture
def table():
    """Twelve instruments of three families, ten notes each."""
    rows = [
        {
            "id": f"{k:03}",
            "path": "x",
            "instrument": f"instrument {k % N_INSTRUMENTS}",
            "family": FAMILIES[k % 3],
            "velocity": (50, 100)[k // 60],
        }
        for k in range(120)
    ]
    return manifest_from_rows(rows)


@pytest.fixture
def vectors(rng):
    """Families are plain to see, velocities are not there."""
    return np.eye(3, 5)[np.arange(120) % 3] + 0.3 * rng.standard_normal((120, 5))


def found_by(result, task, classifier):
    return next(m for m in result.means if (m.task, m.classifier) == (task, classifier))


def run(vectors, table, **options):
    defaults = {"tasks": ["family"], "repeats": 1, "n_workers": 1}
    return probe(vectors, table, **(defaults | options))


def test_what_is_there_is_read_and_what_is_not_is_not(vectors, table):
    result = run(vectors, table, tasks=["family", "velocity"], repeats=2)
    for classifier in CLASSIFIERS:
        family, velocity = (found_by(result, task, classifier) for task in ("family", "velocity"))
        assert family.micro > 0.85
        assert family.improvement_micro > 1.5
        assert velocity.micro < 0.8


@pytest.mark.parametrize("protocol", ["grouped", "stratified"])
def test_scores_are_those_of_scikit_learn_on_the_same_split(vectors, table, protocol):
    result = run(vectors, table, protocol=protocol, seed=5)
    score = next(score for score in result.scores if score.classifier == "SVM")
    (task,) = result.tasks
    parts = split_rows(task.classes, task.groups, rng=np.random.default_rng([5, 0]))
    scaler = StandardScaler().fit(vectors[parts.train])
    train, test = scaler.transform(vectors[parts.train]), scaler.transform(vectors[parts.test])
    model = SVC(gamma=1 / 5, **score.settings).fit(train, task.classes[parts.train])
    dummy = DummyClassifier().fit(train, task.classes[parts.train])
    truth = task.classes[parts.test]
    theirs = {
        f"{prefix}{average}": f1_score(truth, model.predict(test), average=average)
        for prefix, model in (("", model), ("majority_", dummy))
        for average in ("micro", "macro")
    }
    assert {name: getattr(score, name) for name in theirs} == pytest.approx(theirs)
    assert (score.n_train, score.n_valid, score.n_test) == tuple(map(len, parts))


def test_grouping_keeps_instruments_from_being_recognised(rng):
    """Vectors tell instruments apart, whose families are by chance."""
    rows = [
        {"id": str(k), "path": "x", "instrument": str(k % 30), "family": FAMILIES[k % 3]}
        for k in range(300)
    ]
    centres = rng.standard_normal((30, 24))
    vectors = centres[np.arange(300) % 30] + 0.05 * rng.standard_normal((300, 24))
    table = manifest_from_rows(rows)
    stratified, grouped = (
        found_by(run(vectors, table, protocol=protocol, repeats=3), "family", "SVM").micro
        for protocol in ("stratified", "grouped")
    )
    assert stratified == 1
    assert grouped < 0.7


def test_means_and_deviations_are_over_splits(vectors, table):
    noisy = vectors + np.random.default_rng(1).standard_normal(vectors.shape)
    result = run(noisy, table, repeats=3)
    scores = [score for score in result.scores if score.classifier == "MLP"]
    mean = found_by(result, "family", "MLP")
    assert [score.repeat for score in scores] == [0, 1, 2]
    for name in ("micro", "macro"):
        values = [getattr(score, name) for score in scores]
        assert getattr(mean, name) == pytest.approx(np.mean(values))
        assert getattr(mean, f"{name}_sd") == pytest.approx(np.std(values, ddof=1))
        majority = np.mean([getattr(score, f"majority_{name}") for score in scores])
        improvement = (np.mean(values) - majority) / majority
        assert getattr(mean, f"improvement_{name}") == pytest.approx(improvement)


def test_a_split_is_the_same_whatever_their_number_and_the_workers(vectors, table):
    alone = run(vectors, table, n_workers=1)
    among = run(vectors, table, repeats=2, n_workers=2)
    assert alone.scores == tuple(score for score in among.scores if score.repeat == 0)


def test_constant_vectors_are_no_better_than_the_majority(table):
    result = run(np.ones((120, 4)), table, protocol="stratified")
    for mean in result.means:
        assert mean.micro == pytest.approx(mean.majority_micro)
        assert mean.improvement_macro == pytest.approx(0)


def test_tasks_that_cannot_be_asked_are_skipped_with_the_reason(vectors, table):
    result = run(vectors, table, tasks=["dynamics", "family", "dynamics"])
    assert result.skipped == {"dynamics": "no note has a label"}
    assert [task.name for task in result.tasks] == ["family"]


def test_progress_is_told(vectors, table):
    told = []
    run(vectors, table, repeats=2, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(k, 6) for k in range(1, 7)]


def test_record_and_table_hold_every_score(vectors, table):
    result = run(vectors, table)
    record = json.loads(json.dumps(result.as_record(), allow_nan=False))
    assert record["tasks"]["family"]["chance"] == pytest.approx(1 / 3)
    assert record["means"][0]["micro_sd"] is None  # one split has no deviation
    scores = result.as_table()
    assert scores.num_rows == len(record["scores"]) == 3
    assert scores["micro"].to_pylist() == [score.micro for score in result.scores]


def test_relative_improvement():
    assert relative_improvement(0.9, 0.3) == pytest.approx(2)
    assert relative_improvement(0.3, 0.3) == 0
    assert math.isnan(relative_improvement(0.3, 0))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"protocol": "leaky"}, "protocol"),
        ({"repeats": 0}, "repeats"),
        ({"seed": -1}, "seed"),
        ({"max_notes": 0}, "max_notes"),
        ({"n_workers": 0}, "n_workers"),
        ({"tasks": ["timbre"]}, "timbre"),
    ],
)
def test_wrong_settings_are_refused(vectors, table, options, named):
    with pytest.raises(ConfigError, match=named):
        run(vectors, table, **options)


def test_unusable_input_is_refused(vectors, table):
    with pytest.raises(InputError, match=r"120 rows; got shape \(119, 5\)"):
        run(vectors[1:], table)
    with pytest.raises(InputError, match="not empty"):
        run(np.empty((0, 5)), table.slice(0, 0))
    with pytest.raises(InputError, match="NaN"):
        run(np.where(vectors > 1, np.nan, vectors), table)
    with pytest.raises(InputError, match=r"no task can be probed .*source: no note has a label"):
        run(vectors, table, tasks=["source", "dynamics"])
    with pytest.raises(InputError, match="none was asked for"):
        run(vectors, table, tasks=[])
    with pytest.raises(InputError, match="all notes are of one class, reed"):
        run(vectors[::3], table.take(np.arange(0, 120, 3)))
