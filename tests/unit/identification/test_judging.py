import numpy as np
import pytest

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.identification import lesson_of
from timbrespace.identification.judging import judge
from timbrespace.manifest import manifest_from_rows


def judged(table, **settings):
    lesson, _ = lesson_of(table, **settings)
    vectors = vectors_of(lesson.rows)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return lesson, judge(lesson, lambda taught: vectors)[1]


def test_clear_classes_are_always_right(clouds):
    _, judgement = judged(clouds(spread=0.01), label="family")
    assert judgement.accuracy == judgement.balanced_accuracy == 1
    assert judgement.confusion.tolist() == [[20, 0, 0], [0, 20, 0], [0, 0, 20]]
    assert judgement.interval[0] == pytest.approx(0.757, abs=1e-3)  # Wilson: 12 of 12 groups
    assert (judgement.n_sounds, judgement.n_groups, judgement.n_folds) == (60, 12, 5)


def test_labels_by_chance_are_told_by_chance(clouds, rng):
    table = clouds(n_groups=20)
    shuffled = rng.permutation(table["family"].to_numpy(zero_copy_only=False))
    table = table.set_column(table.column_names.index("family"), "family", [shuffled])
    _, judgement = judged(table, label="family", groups="id")
    assert judgement.accuracy < 0.45
    assert judgement.calibration_error < 0.15


def test_groups_do_not_judge_themselves(clouds):
    """Each instrument is a tight cloud of its own, families are nothing: grouping shows it."""
    table = clouds(n_classes=2, n_groups=6, n_sounds=8, spread=0.01, shift=30.0)
    _, alone = judged(table, label="family", groups="id")
    _, grouped = judged(table, label="family")
    assert alone.accuracy > 0.95
    assert grouped.accuracy < 0.75


def test_nothing_learns_from_what_it_judges(clouds):
    lesson, _ = lesson_of(clouds(), label="family")
    vectors = vectors_of(lesson.rows)
    held = []

    def embed(taught):
        held.append(np.setdiff1d(np.arange(len(lesson)), taught))
        assert not set(lesson.groups[taught]) & set(lesson.groups[held[-1]])
        return vectors

    judge(lesson, embed, n_folds=4)
    assert len(held) == 4
    assert sorted(np.concatenate(held)) == list(range(len(lesson)))


def test_only_the_judged_are_counted(clouds):
    _, judgement = judged(clouds(), label="family", judge_splits=["valid"])
    assert (judgement.n_sounds, judgement.n_groups) == (30, 6)
    assert judgement.confusion.sum() == 30


def test_splits_without_a_sound_judge_nothing(clouds):
    with pytest.raises(InputError, match="0 sounds are of the splits to judge by"):
        judged(clouds(), label="family", judge_splits=["test"])


def test_groups_that_hold_several_classes_may_leave_nothing_to_learn_from():
    groups = ["x"] * 9 + ["y"] + ["z"] * 6 + ["y"] * 3
    rows = [
        {"id": str(k), "path": "x", "maker": group, "family": "reed" if k < 10 else "brass"}
        for k, group in enumerate(groups)
    ]
    lesson, _ = lesson_of(manifest_from_rows(rows), label="family", groups="maker")
    with pytest.raises(InputError, match="class 'reed': when one maker is held out, no sound"):
        judge(lesson, lambda taught: np.ones((19, 2), np.float32), n_folds=2)
