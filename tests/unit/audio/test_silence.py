import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrespace.audio import normalise_peak, sounding_spans, trim_silence

RATE = 1_000


def scale(*pairs):
    """Waveform of (silent, sounding) lengths in samples."""
    return np.concatenate([np.r_[np.zeros(rest), np.ones(tone)] for rest, tone in pairs]).astype(
        np.float32
    )


def test_notes_of_a_scale_are_found():
    waveform = np.r_[scale((300, 500), (400, 600)), np.zeros(200, np.float32)]
    assert sounding_spans(waveform, sample_rate_hz=RATE, margin_s=0) == [(300, 800), (1200, 1800)]


def test_a_short_silence_does_not_part_a_note():
    waveform = scale((300, 500), (100, 600))
    assert sounding_spans(waveform, sample_rate_hz=RATE, margin_s=0) == [(300, 1500)]


def test_a_click_is_dropped():
    waveform = scale((300, 500), (400, 10), (400, 500))
    assert sounding_spans(waveform, sample_rate_hz=RATE, margin_s=0) == [(300, 800), (1610, 2110)]


def test_margins_do_not_overlap():
    spans = sounding_spans(scale((300, 500), (200, 600)), sample_rate_hz=RATE, margin_s=1.0)
    assert spans == [(0, 900), (900, 1600)]


def test_silence_has_no_spans():
    assert sounding_spans(np.zeros(1000, np.float32), sample_rate_hz=RATE) == []
    assert sounding_spans(np.zeros(0, np.float32), sample_rate_hz=RATE) == []
    assert trim_silence(np.zeros(1000, np.float32), sample_rate_hz=RATE).size == 0


def test_the_threshold_is_relative_to_the_peak():
    waveform = np.r_[np.full(500, 1e-4), np.ones(500)].astype(np.float32)
    for gain in (1e-3, 1.0):
        quiet_cut = trim_silence(gain * waveform, sample_rate_hz=RATE, margin_s=0)
        assert len(quiet_cut) == 500
        kept = trim_silence(gain * waveform, sample_rate_hz=RATE, margin_s=0, threshold_db=-90)
        assert len(kept) == 1000


@given(before=st.integers(0, 500), sound=st.integers(1, 500), after=st.integers(0, 500))
def test_trimming_keeps_every_loud_sample(before, sound, after):
    waveform = np.r_[np.zeros(before), np.ones(sound), np.zeros(after)].astype(np.float32)
    trimmed = trim_silence(waveform, sample_rate_hz=RATE)
    assert trimmed.sum() == sound
    assert len(trimmed) <= sound + 2 * (20 + 10)  # margins, and one 10 ms frame at each side


def test_peak_is_where_it_was_asked_for():
    waveform = normalise_peak(np.float32([0.01, -0.02]), peak_dbfs=-6.0)
    assert np.abs(waveform).max() == pytest.approx(10 ** (-6 / 20), rel=1e-6)
    assert waveform.dtype == np.float32


def test_silence_stays_silent_when_levelled():
    np.testing.assert_array_equal(normalise_peak(np.zeros(3, np.float32)), np.zeros(3))
