import numpy as np
import pytest

from timbrespace.library.slicing import onset_times_s, slice_spans

RATE_HZ = 16_000


def notes(starts_s, *, total_s, decay=8.0, hz=(330.0, 440.0, 550.0)):
    """Decaying tones that ring into one another."""
    time_s = np.arange(round(total_s * RATE_HZ)) / RATE_HZ
    waveform = np.zeros(time_s.size)
    for number, start_s in enumerate(starts_s):
        since = time_s - start_s
        tone = np.sin(2 * np.pi * hz[number % len(hz)] * since) * np.exp(-decay * since)
        waveform += np.where(since >= 0, 0.3 * tone, 0)
    return waveform.astype(np.float32)


STARTS_S = (0.3, 0.8, 1.1, 1.9, 2.4)


def test_onsets_are_where_notes_begin():
    found = onset_times_s(notes(STARTS_S, total_s=3.5), RATE_HZ)
    assert found == pytest.approx(STARTS_S, abs=0.03)


def test_each_note_is_a_sound_up_to_the_next():
    spans = slice_spans(notes(STARTS_S, total_s=3.5), RATE_HZ)
    assert [start for start, _ in spans] == pytest.approx(STARTS_S, abs=0.05)
    ends = [start + length for start, length in spans]
    assert ends[:-1] == pytest.approx([start for start, _ in spans[1:]])
    assert ends[-1] < 3.5


def test_gain_changes_nothing():
    waveform = notes(STARTS_S, total_s=3.5)
    np.testing.assert_allclose(
        slice_spans(0.01 * waveform, RATE_HZ), slice_spans(waveform, RATE_HZ)
    )


def test_silence_parts_sounds_and_belongs_to_none():
    waveform = notes((0.5, 2.5), total_s=4, decay=30)
    (first, first_s), (second, _) = slice_spans(waveform, RATE_HZ)
    assert first == pytest.approx(0.5, abs=0.03)
    assert second == pytest.approx(2.5, abs=0.03)
    assert first_s < 0.5


def test_a_held_tone_is_one_sound_and_silence_none():
    held = np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ).astype(np.float32)
    assert slice_spans(held, RATE_HZ) == [(0, pytest.approx(2))]
    vibrato = 6 * np.sin(2 * np.pi * 5 * np.arange(2 * RATE_HZ) / RATE_HZ)
    wavering = np.sin(2 * np.pi * np.cumsum(440 + vibrato) / RATE_HZ).astype(np.float32)
    assert len(slice_spans(wavering, RATE_HZ)) == 1
    assert slice_spans(np.zeros(RATE_HZ, np.float32), RATE_HZ) == []
    assert slice_spans(np.zeros(1, np.float32), RATE_HZ) == []
