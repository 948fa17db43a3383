import numpy as np
import pytest

from timbrespace.rendering.recordings import difference_db, first_of_linked, spectrum_db

_RATE_HZ = 16_000


def _spectra(rng, *pitches):
    return {pitch: rng.uniform(-60, 0, 64) for pitch in pitches}


def test_spectrum_forgets_gain(rng):
    note = rng.standard_normal(_RATE_HZ)
    np.testing.assert_allclose(spectrum_db(note, _RATE_HZ), spectrum_db(note / 8, _RATE_HZ))


def test_spectrum_of_silence_is_flat():
    assert not spectrum_db(np.zeros(_RATE_HZ), _RATE_HZ).any()


def test_spectrum_stops_60_db_below_its_loudest_band():
    tone = np.sin(2 * np.pi * 1_000 * np.arange(_RATE_HZ) / _RATE_HZ)
    level_db = spectrum_db(tone, _RATE_HZ)
    assert (level_db.max(), level_db.min()) == (0, -60)


def test_difference_is_symmetric_and_none_to_itself(rng):
    a, b = _spectra(rng, 60, 61), _spectra(rng, 60, 61)
    assert difference_db(a, a) == 0
    assert difference_db(a, b) == pytest.approx(difference_db(b, a))
    assert difference_db(a, b) > 0


def test_difference_is_of_common_notes_only(rng):
    a = _spectra(rng, 60, 61)
    b = {60: a[60], **_spectra(rng, 62)}
    assert difference_db(a, b) == 0


def test_without_a_common_note_nothing_is_the_same(rng):
    assert difference_db(_spectra(rng, 60), _spectra(rng, 61)) == np.inf


def test_linked_instruments_take_the_first_whatever_the_order_of_links(rng):
    links = [(0, 4), (4, 5), (1, 2), (2, 5)]
    for _ in range(5):
        rng.shuffle(links)
        assert first_of_linked(7, links) == [0, 0, 0, 3, 0, 0, 6]
