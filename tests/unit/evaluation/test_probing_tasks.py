import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.evaluation.probing_tasks import TASKS, probing_task
from timbrespace.manifest import manifest_from_rows


def table_of(n, **columns):
    """Each column a list that is repeated down the rows."""
    rows = [
        {"id": f"{k:03}", "path": "x", **{name: v[k % len(v)] for name, v in columns.items()}}
        for k in range(n)
    ]
    return manifest_from_rows(rows)


def task_of(table, name, protocol="stratified", max_notes=1000, seed=0):
    return probing_task(table, name, protocol=protocol, max_notes=max_notes, seed=seed)


def classes_of(task):
    return set(task.classes.tolist())


@pytest.mark.parametrize("name", ["family", "source", "dynamics"])
def test_words_are_classes_as_they_are(name):
    words = {"family": "reed", "source": "acoustic", "dynamics": "forte"}[name]
    others = {"family": "brass", "source": "synthetic", "dynamics": "piano"}[name]
    task = task_of(table_of(40, **{name: [words, others]}), name)
    assert classes_of(task) == {words, others}
    assert task.rows.tolist() == list(range(40))


def test_velocities_are_classes():
    assert classes_of(task_of(table_of(40, velocity=[25, 127]), "velocity")) == {"25", "127"}


def test_octaves_begin_at_c():
    pitches = [9, 11, 12, 59, 60, 71, 72, 119]
    task = task_of(table_of(80, pitch_midi=pitches), "octave")
    names = dict(zip(pitches, task.classes[:8].tolist(), strict=True))
    assert names[9] == names[11] == "octave -1"
    assert names[12] == "octave 0"
    assert names[60] == names[71] == "octave 4"
    assert (names[59], names[119]) == ("octave 3", "octave 8")


def test_techniques_are_asked_within_a_section():
    table = table_of(
        150,
        family=["string", "flute", "reed", "brass", "guitar"],
        technique=["normal", "other", None],
    )
    sections = {name: task_of(table, f"technique-{name}") for name in ("strings", "brass")}
    woodwinds = task_of(table, "technique-woodwinds")
    assert {name: task.rows.size for name, task in sections.items()} == {"strings": 20, "brass": 20}
    assert woodwinds.rows.size == 40
    families = table["family"].to_pylist()
    assert {families[row] for row in woodwinds.rows} == {"flute", "reed"}
    assert classes_of(woodwinds) == {"normal", "other"}


def test_rare_classes_are_left_out_and_named():
    table = table_of(29, velocity=[50, 100, 127])  # 10, 10 and 9 notes
    task = task_of(table, "velocity")
    assert task.left_out == ("127",)
    assert task.rows.size == task.classes.size == task.groups.size == 20
    assert task.as_record() == {
        "classes": {"100": 10, "50": 10},
        "chance": 0.5,
        "n_groups": 20,
        "left_out": ["127"],
    }


def test_grouped_tasks_need_three_instruments_a_class():
    """Of the families, flute has two instruments; one note has none."""
    instruments = ["f1", "f2", "r1", "r2", "r3", "b1", "b2", "b3", None]
    families = ["flute"] * 2 + ["reed"] * 3 + ["brass"] * 4
    table = table_of(90, instrument=instruments, family=families)
    task = task_of(table, "family", "grouped")
    assert task.left_out == ("flute",)
    assert set(task.groups.tolist()) == {"r1", "r2", "r3", "b1", "b2", "b3"}
    assert task_of(table, "family").left_out == ()


def test_so_many_notes_are_drawn_of_more():
    table = table_of(200, velocity=[50, 100])
    task = task_of(table, "velocity", max_notes=60)
    assert task.rows.size == 60
    assert 20 < (task.classes == "50").sum() < 40
    assert np.array_equal(task.rows, task_of(table, "velocity", max_notes=60).rows)
    assert not np.array_equal(task.rows, task_of(table, "velocity", max_notes=60, seed=1).rows)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, "no note has a label"),
        ({"family": ["reed"]}, "all notes are of one class, reed"),
        ({"family": ["reed"] * 35 + ["brass"] * 5}, "2 classes of 10 notes; 1 of 2 have fewer"),
    ],
)
def test_tasks_that_cannot_be_asked_say_why(columns, reason):
    with pytest.raises(InputError, match=reason):
        task_of(table_of(40, **columns), "family")


def test_the_reason_of_a_grouped_task_names_instruments():
    table = table_of(40, family=["reed", "brass"], instrument=["r", "b"])
    with pytest.raises(InputError, match="10 notes of 3 instruments; 2 of 2 have fewer"):
        task_of(table, "family", "grouped")


def test_an_empty_table_has_no_labels():
    for name in TASKS:
        with pytest.raises(InputError, match="no note"):
            task_of(table_of(0), name)


def test_unknown_tasks_are_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"'timbre'; tasks are family, .*technique-brass"):
        task_of(table_of(40), "timbre")
