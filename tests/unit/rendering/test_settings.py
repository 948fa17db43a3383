import pytest

from timbrespace.errors import ConfigError
from timbrespace.rendering import PITCHED_PROGRAMS, DrumSettings, RenderSettings, whole_numbers


def test_defaults_are_the_pianos_keys_and_five_velocities():
    settings = RenderSettings()
    assert (settings.pitches[0], settings.pitches[-1], len(settings.pitches)) == (21, 108, 88)
    assert settings.velocities == (25, 50, 75, 100, 127)
    assert settings.programs == PITCHED_PROGRAMS


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"pitches": (60, 128)}, "pitches cannot be 128; MIDI pitches are 0 to 127"),
        ({"pitches": ()}, "one or more numbers, each once; got none"),
        ({"pitches": (60, 60)}, "each once; got 60, 60"),
        ({"velocities": (0,)}, "velocities cannot be 0"),
        ({"programs": (55,)}, "programs cannot be 55"),
        ({"test_programs": (127,)}, "programs 127 cannot be held out"),
        ({"test_programs": (1,), "valid_programs": (1,)}, "1 are held out for both"),
        ({"sample_rate_hz": 96_000}, "8000 to 48000, got 96000"),
        ({"held_s": 5.0}, "at most total_s, got 5.0 of 4.0"),
        ({"held_s": 0.0}, "over 0"),
        ({"gain": 0.0}, "gain must be over 0 and at most 10, got 0.0"),
    ],
)
def test_wrong_values_are_named(wrong, message):
    with pytest.raises(ConfigError, match=message):
        RenderSettings(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"keys": (34, 35)}, "keys cannot be 34; keys of the General MIDI percussion map"),
        ({"velocities": ()}, "velocities must be one or more"),
        ({"test_keys": (82,)}, "keys 82 cannot be held out"),
        ({"test_keys": (36,), "valid_keys": (36,)}, "keys 36 are held out for both"),
        ({"gain": 11.0}, "at most 10, got 11"),
    ],
)
def test_wrong_values_for_drums_are_named(wrong, message):
    with pytest.raises(ConfigError, match=message):
        DrumSettings(**wrong)


def test_nothing_held_out_is_allowed():
    assert RenderSettings(valid_programs=(), test_programs=()).test_programs == ()


@pytest.mark.parametrize(
    "text", ["", "a", "1-3", "1:2:3:4", "-1", "1:", "60.5", "1 2", "0:999999999999999"]
)
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(ConfigError, match="expected NUMBER"):
        whole_numbers(text)


@pytest.mark.parametrize("text", ["5:4", "1:4:0"])
def test_text_without_a_number_is_refused(text):
    with pytest.raises(ConfigError, match="holds no number"):
        whole_numbers(text)
