import numpy as np
import pytest

from timbrespace.errors import ConfigError
from timbrespace.rendering.mixes import PredominanceRule, prominences
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY

_RATE_HZ = 16_000


def _tone(hz: float, level_db: float, sounding_s: float = 3.0) -> np.ndarray:
    time_s = np.arange(3 * _RATE_HZ) / _RATE_HZ
    tone = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time_s)
    return (tone * (time_s < sounding_s)).astype(np.float32)


def _led(stems, roles=None, **rule):
    found = prominences(
        stems,
        roles or [MELODY] * len(stems),
        sample_rate_hz=_RATE_HZ,
        rule=PredominanceRule(**rule),
    )
    return [one.predominant for one in found]


def test_what_is_near_the_loudest_leads_with_it():
    stems = [_tone(500, -20), _tone(600, -23), _tone(700, -25)]
    assert _led(stems) == [True, True, False]
    assert _led(stems, within_db=6) == [True, True, True]
    assert _led(stems, within_db=0) == [True, False, False]


def test_gain_and_order_change_nothing():
    stems = [_tone(500, -20), _tone(600, -23), _tone(700, -30)]
    assert _led([stem * np.float32(0.1) for stem in stems]) == _led(stems)
    assert _led(stems[::-1]) == _led(stems)[::-1]


def test_loudness_is_weighted_as_the_ear_does():
    assert _led([_tone(40, -20), _tone(2_000, -20)]) == [False, True]


def test_bass_and_drums_neither_lead_nor_set_the_bar():
    stems = [_tone(100, -10), _tone(3_000, -12), _tone(500, -16)]
    assert _led(stems, [BASS, DRUMS, MELODY]) == [False, False, True]
    assert _led(stems, [BASS, DRUMS, CHORDS], unranked_roles=(DRUMS,)) == [True, False, False]


def test_who_plays_too_little_does_not_lead():
    stems = [_tone(500, -10, sounding_s=0.8), _tone(600, -20)]
    assert _led(stems, within_db=20) == [False, True]
    assert _led(stems, within_db=20, least_activity=0.2) == [True, True]


def test_activity_is_the_share_of_blocks_in_which_one_is_heard():
    lead, half = prominences(
        [_tone(500, -20), _tone(600, -22, sounding_s=1.5)],
        [MELODY, MELODY],
        sample_rate_hz=_RATE_HZ,
        rule=PredominanceRule(),
    )
    assert lead.activity == 1.0
    assert 0.4 < half.activity < 0.7


def test_silence_does_not_lead():
    silence = np.zeros(_RATE_HZ, np.float32)
    (found,) = prominences([silence], [MELODY], sample_rate_hz=_RATE_HZ, rule=PredominanceRule())
    assert (found.loudness_lufs, found.activity, found.predominant) == (-np.inf, 0.0, False)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"within_db": -1}, "within_db and masked_db of 0 or more"),
        ({"least_activity": 1.5}, "least_activity from 0 to 1"),
        ({"unranked_roles": ("tuba",)}, "unranked_roles has"),
    ],
)
def test_wrong_rules_are_refused(rule, message):
    with pytest.raises(ConfigError, match=message):
        PredominanceRule(**rule)
