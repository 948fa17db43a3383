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


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("batch_sizee=8", "^batch_sizee: no such setting of fine-tuning; it has .*batch_size"),
        ("schedule.step=8", "^schedule.step: no such setting of fine-tuning; schedule has epochs"),
        ("loss=x", '^fine-tuning: Parser key "loss"'),
    ],
)
def test_a_fault_names_the_setting_as_it_was_typed(setting, message):
    with pytest.raises(ConfigError, match=message):
        fine_tuning_of([setting])
