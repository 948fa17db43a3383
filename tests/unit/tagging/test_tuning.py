import pytest

from timbrespace.errors import ConfigError
from timbrespace.tagging.fine_tuning import FineTuning
from timbrespace.tagging.tuning import fine_tuning_of


def test_what_is_not_named_stays_as_published():
    assert fine_tuning_of([]) == FineTuning()


def test_settings_are_typed_as_in_recipes():
    tuning = fine_tuning_of(
        ["schedule.epochs=null", "schedule.steps=9", "augmentation.room=0.3", "loss=focal"]
    )
    assert (tuning.schedule.steps, tuning.schedule.decay) == (9, "cosine")
    assert (tuning.augmentation.room, tuning.loss) == (0.3, "focal")


@pytest.mark.parametrize("setting", ["los=focal", "loss=x", "fraction=0", "schedule.steps=3", "x"])
def test_settings_that_do_not_fit_are_refused(setting):
    with pytest.raises(ConfigError):
        fine_tuning_of([setting])
