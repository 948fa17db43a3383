import numpy as np
import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.identification import lesson_of


def test_an_instrument_groups_what_is_told_of_it(clouds):
    lesson, problems = lesson_of(clouds(), label="family")
    assert (lesson.names, len(lesson), problems) == (("brass", "flute", "reed"), 60, [])
    assert (lesson.grouped_by, lesson.groups.max() + 1) == ("instrument", 12)


def test_each_sound_is_its_own_group_if_nothing_else_is_known(clouds):
    lesson, _ = lesson_of(clouds(), label="instrument")
    assert (lesson.grouped_by, np.unique(lesson.groups).size) == (None, 60)


def test_groups_may_be_folders_and_unknown_groups_are_single(clouds):
    lesson, _ = lesson_of(clouds(), label="family", groups="folder")
    assert np.unique(lesson.groups).size == 12
    lesson, _ = lesson_of(clouds(), label="family", groups="maker")
    assert np.unique(lesson.groups).size == 60


def test_only_some_splits_judge(clouds):
    lesson, _ = lesson_of(clouds(), label="family", judge_splits=["valid"])
    assert lesson.judged.sum() == 30
    assert set(lesson.rows.filter(lesson.judged)["split"].to_pylist()) == {"valid"}


def test_small_classes_are_left_out_with_the_reason(clouds):
    two_of_brass = clouds().slice(18)
    lesson, problems = lesson_of(two_of_brass, label="family")
    assert lesson.names == ("flute", "reed")
    assert problems == ["class 'brass': has 2 sounds, 3 are needed"]
    _, problems = lesson_of(clouds().slice(15), label="family")
    assert problems == ["class 'brass': all its sounds are of one instrument, 2 are needed"]
    with pytest.raises(InputError, match="there are 1: 'brass' has 2 sounds, 3 are needed"):
        lesson_of(two_of_brass.slice(0, 22), label="family")


def test_rows_without_a_label_take_no_part(clouds):
    with pytest.raises(InputError, match="two classes are needed"):
        lesson_of(clouds(), label="technique")


def test_a_draw_is_even_over_groups(clouds):
    lesson, _ = lesson_of(clouds(), label="family", max_sounds=24)
    assert np.bincount(lesson.groups).tolist() == [2] * 12


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"label": "timbre"}, "no column 'timbre'"),
        ({"label": "pitch_midi"}, "no column 'pitch_midi'"),
        ({"groups": "session"}, "no column 'session'"),
        ({"judge_splits": ["dev"]}, r"splits are .* got \['dev'\]"),
        ({"max_sounds": 0}, "max_sounds must be at least 1"),
    ],
)
def test_settings_that_cannot_work_are_named(clouds, settings, message):
    with pytest.raises(ConfigError, match=message):
        lesson_of(clouds(), **settings)
