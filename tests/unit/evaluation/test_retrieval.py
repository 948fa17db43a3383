import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation import retrieval
from timbrespace.evaluation.retrieval import (
    Search,
    mean_average_precision,
    nearest_neighbour_accuracy,
    recall_at,
    retrieve,
    same_label,
)


def recall_at_3(vectors, labels):
    return recall_at(3, vectors, labels)


MEASURES = [nearest_neighbour_accuracy, recall_at_3, mean_average_precision]
each = pytest.mark.parametrize("measure", MEASURES)


@pytest.fixture
def sounds(rng):
    labels = np.repeat(list("abcd"), 15)
    centres = np.repeat(np.eye(4), 15, axis=0)
    return centres + 0.7 * rng.standard_normal(centres.shape), labels


def cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


@each
def test_well_parted_labels_are_found(measure, rng):
    centres = np.repeat(np.eye(3), 5, axis=0)
    vectors = centres + 0.01 * rng.standard_normal(centres.shape)
    assert measure(vectors, np.repeat(list("abc"), 5)) == 1


def test_a_sound_is_never_its_own_answer():
    """Each sound is nearest to itself, then to a stranger, then to its own kind."""
    vectors, labels = [[1, 0], [1, 0.01], [0.1, 1], [0, 1]], list("abab")
    assert nearest_neighbour_accuracy(vectors, labels) == 0
    assert mean_average_precision(vectors, labels) < 1


@each
def test_order_of_rows_changes_nothing(measure, sounds, rng):
    vectors, labels = sounds
    order = rng.permutation(len(labels))
    assert measure(vectors[order], labels[order]) == pytest.approx(measure(vectors, labels))


@each
def test_blocks_change_nothing(measure, sounds, monkeypatch):
    whole = measure(*sounds)
    monkeypatch.setattr(retrieval, "_BLOCK_SIMILARITIES", 130)  # two queries a block
    assert measure(*sounds) == pytest.approx(whole)


def test_recall_agrees_with_sorting(sounds):
    vectors, labels = sounds
    likeness = cosines(vectors)
    np.fill_diagonal(likeness, -2)
    nearest = labels[np.argsort(-likeness, axis=1)]
    for k in (1, 2, 5):
        hits = (nearest[:, :k] == labels[:, None]).any(axis=1)
        assert recall_at(k, vectors, labels) == pytest.approx(hits.mean())


def test_mean_average_precision_agrees_with_scikit_learn(sounds):
    vectors, labels = sounds
    likeness = cosines(vectors)
    theirs = [
        average_precision_score(np.delete(labels == label, k), np.delete(likeness[k], k))
        for k, label in enumerate(labels)
    ]
    assert mean_average_precision(vectors, labels) == pytest.approx(np.mean(theirs), abs=1e-6)


@each
def test_chance_is_the_share_of_the_label(measure, rng):
    vectors, labels = rng.standard_normal((600, 8)), np.repeat(list("abc"), 200)
    chance = 1 - (1 - 1 / 3) ** 3 if measure is recall_at_3 else 1 / 3
    assert measure(vectors, labels) == pytest.approx(chance, abs=0.08)


def test_ties_count_against_the_query():
    """All sounds are alike, so nothing tells the right ones from the wrong ones."""
    vectors, labels = np.ones((6, 2)), list("aaabbb")
    assert nearest_neighbour_accuracy(vectors, labels) == 0
    assert recall_at(4, vectors, labels) == 1  # three wrong ones, then a right one
    assert mean_average_precision(vectors, labels) == pytest.approx(2 / 5)


def test_a_label_that_stands_once_is_no_query_but_can_be_wrong():
    vectors = [[1, 0], [0.9, 0.5], [1, 0.1]]
    assert nearest_neighbour_accuracy(vectors, ["a", "a", "lone"]) == 0
    assert nearest_neighbour_accuracy(vectors, ["a", "lone", "a"]) == 1


def test_no_neighbours_to_look_at_are_refused(sounds):
    with pytest.raises(ConfigError, match="at least 1"):
        recall_at(0, *sounds)


@each
def test_unusable_tables_are_refused(measure, sounds):
    vectors, labels = sounds
    with pytest.raises(InputError, match=r"60 vectors need as many labels .*\(59,\)"):
        measure(vectors, labels[1:])
    with pytest.raises(InputError, match="None"):
        measure(vectors, [None, *labels[1:]])
    with pytest.raises(InputError, match="no two sounds"):
        measure(vectors[:4], list("abcd"))
    with pytest.raises(InputError, match="all zero"):
        measure(vectors * 0, labels)


def test_one_search_gives_every_measure(sounds):
    vectors, labels = sounds
    found = retrieve(vectors, same_label(labels, len(labels)), ks=(1, 3))
    assert found.recall == {1: recall_at(1, *sounds), 3: recall_at(3, *sounds)}
    assert found.mean_average_precision == mean_average_precision(*sounds)
    assert found.chance == pytest.approx(14 / 59)
    assert (found.n_queries, found.n_sounds) == (60, 60)


def test_what_is_no_answer_is_not_ranked():
    """The nearest is of the query's kind but not asked for: neither right nor wrong."""
    vectors, kinds = [[1, 0], [1, 0.1], [1, 0.5], [0, 1]], np.array([0, 0, 0, 1])
    asked = np.array([[0, 0, 1, 0], [0] * 4, [0] * 4, [0] * 4], dtype=bool)
    found = retrieve(vectors, Search(kinds, lambda rows: asked[rows]), ks=(1,))
    assert (found.recall[1], found.n_queries, found.chance) == (1, 1, 0.5)


def test_searches_that_do_not_fit_are_refused(sounds):
    vectors, labels = sounds
    with pytest.raises(InputError, match=r"60 vectors need as many kinds; got \(59,\)"):
        retrieve(vectors, same_label(labels[1:], 59))
    with pytest.raises(ConfigError, match="got 0"):
        retrieve(vectors, same_label(labels, 60), ks=(5, 0))
