from collections import Counter

import numpy as np
import pytest

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import ConfigError, MissingDependencyError
from timbrespace.rendering.general_midi import PROGRAMS
from timbrespace.rendering.jobs import SoundFont
from timbrespace.rendering.mixes import fonts_of_splits
from timbrespace.rendering.mixes.classes import (
    BASS_PROGRAMS,
    CHORDAL_PROGRAMS,
    KITS,
    MELODIC_PROGRAMS,
    TEST_PROGRAMS,
    TRAIN_PROGRAMS,
    UNSURE,
    class_of,
    class_programs,
    label_mask,
    pitch_range,
)
from timbrespace.rendering.mixes.ensemble import draw_players
from timbrespace.rendering.mixes.fonts import Font, choose_font
from timbrespace.rendering.mixes.score import BASS, CHORDS, DRUMS, MELODY


def _font(name: str = "all", synthetic: bool = False, programs: range = range(128)) -> Font:
    soundfont = SoundFont(path=name, name=name, sha256=name, licence=None, is_synthetic=synthetic)
    return Font(soundfont=soundfont, programs=frozenset(programs), kits=frozenset(KITS))


def _bands(split: str, n_players: int, n_bands: int = 330):
    rng = np.random.default_rng(0)
    programs = class_programs(split, disjoint=True)
    return [draw_players([_font()], programs, n_players, rng) for _ in range(n_bands)]


def test_every_class_has_programs_and_no_program_two_classes():
    assert tuple(TRAIN_PROGRAMS) == tuple(TEST_PROGRAMS) == IRMAS_CLASSES
    for programs in (TRAIN_PROGRAMS, TEST_PROGRAMS):
        counts = Counter(program for numbers in programs.values() for program in numbers)
        assert set(counts.values()) == {1}


def test_classes_with_several_programs_share_none_between_train_and_test():
    shared = {
        name for name in IRMAS_CLASSES if set(TRAIN_PROGRAMS[name]) & set(TEST_PROGRAMS[name])
    }
    assert shared == {"cello", "clarinet", "flute", "trumpet"}


def test_accompaniment_of_no_class_has_no_class():
    others = {*CHORDAL_PROGRAMS, *MELODIC_PROGRAMS, *BASS_PROGRAMS, *UNSURE}
    assert {class_of(program) for program in others} == {None}


def test_ranges_hold_more_than_an_octave():
    for program in range(len(PROGRAMS)):
        low, high = pitch_range(program)
        assert high - low >= 19


def test_leads_are_of_all_classes_alike():
    leads = Counter(class_of(players[0].program) for players in _bands("train", 1, 1_100))
    assert set(leads) == set(IRMAS_CLASSES)
    assert all(60 < count < 145 for count in leads.values())


@pytest.mark.parametrize(
    ("split", "programs"), [("train", TRAIN_PROGRAMS), ("test", TEST_PROGRAMS)]
)
def test_a_band_has_each_class_once_by_programs_of_its_split(split, programs):
    for players in _bands(split, 5):
        pitched = [player for player in players if player.role != DRUMS]
        classes = [class_of(player.program) for player in pitched]
        named = [name for name in classes if name]
        assert len(named) == len(set(named))
        assert all(p.program in programs[c] for p, c in zip(pitched, classes, strict=True) if c)
        assert len(players) == 5
        assert Counter(role for player in players for role in player.roles)[DRUMS] <= 1


def test_all_roles_are_played():
    roles = Counter(player.role for players in _bands("test", 4) for player in players)
    assert set(roles) == {MELODY, CHORDS, BASS, DRUMS}


def test_synthetic_fonts_play_as_seldom_as_asked_for(rng):
    fonts = [_font("a"), _font("b"), _font("fm", synthetic=True)]
    chosen = Counter(
        choose_font(fonts, 0, drums=False, synthetic_share=0.2, rng=rng).soundfont.name
        for _ in range(1_000)
    )
    assert 150 < chosen["fm"] < 250
    assert min(chosen["a"], chosen["b"]) > 320


def test_a_font_that_lacks_a_program_is_not_chosen(rng):
    fonts = [_font("low", programs=range(10)), _font("fm", synthetic=True)]
    names = {
        choose_font(fonts, 40, drums=False, synthetic_share=0, rng=rng).soundfont.name
        for _ in range(20)
    }
    assert names == {"fm"}


def test_given_fonts_play_in_their_splits(orchestra, band):
    fonts = fonts_of_splits([orchestra], [orchestra], [band])
    names = {split: [font.soundfont.name for font in of] for split, of in fonts.items()}
    assert names == {"train": ["orchestra"], "valid": ["orchestra"], "test": ["band"]}
    assert fonts["train"][0].programs == {0, 25, 33, 40, 48, 68}
    assert fonts["train"][0].kits == {0}


@pytest.mark.usefixtures("nothing_installed")
def test_one_font_serves_all_splits_where_there_is_no_other(orchestra):
    fonts = fonts_of_splits([orchestra])
    assert fonts["train"] == fonts["test"]


@pytest.mark.usefixtures("nothing_installed")
def test_without_any_font_it_is_said_what_to_install():
    with pytest.raises(MissingDependencyError, match="apt-get install timgm6mb-soundfont fluid"):
        fonts_of_splits()


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", ())


def test_valid_and_test_hear_what_train_does_not_where_there_is_more(
    orchestra, band, monkeypatch, tmp_path
):
    monkeypatch.setattr("timbrespace.rendering.soundfonts._SYSTEM_FOLDERS", (tmp_path,))

    def names():
        return [of[0].soundfont.name for of in fonts_of_splits().values()]

    (tmp_path / "TimGM6mb.sf2").write_bytes(band.read_bytes())
    assert names() == ["TimGM6mb", "TimGM6mb", "TimGM6mb"]
    (tmp_path / "FluidR3_GM.sf2").write_bytes(orchestra.read_bytes())
    assert names() == ["FluidR3_GM", "TimGM6mb", "TimGM6mb"]
    (tmp_path / "sf_GMbank.sf2").write_bytes(band.read_bytes())
    assert names() == ["FluidR3_GM", "TimGM6mb", "sf_GMbank"]


def test_a_font_given_twice_is_refused(orchestra, tmp_path):
    copy = tmp_path / "copy.sf2"
    copy.write_bytes(orchestra.read_bytes())
    with pytest.raises(ConfigError, match="given twice for train"):
        fonts_of_splits([orchestra, copy])


def test_label_mask_follows_the_order_of_the_classes():
    mask = label_mask({"voice", "cello"})
    assert [name for name, known in zip(IRMAS_CLASSES, mask, strict=True) if not known] == [
        "cello",
        "voice",
    ]
