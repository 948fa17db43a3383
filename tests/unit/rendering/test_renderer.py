import hashlib
import random
import subprocess
import sys
from itertools import pairwise, product

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.rendering import NoteRenderer, list_presets
from timbrespace.rendering.renderer import fault_of

pytestmark = pytest.mark.usefixtures("fluidsynth")

_PIANO, _TRUMPET, _LATE_TRUMPET = (0, 0), (0, 56), (8, 56)


def _hz(pitch: int) -> float:
    return 440 * 2 ** ((pitch - 69) / 12)


def _spectrum(note: np.ndarray) -> np.ndarray:
    """Magnitudes of the first two seconds, in steps of half a hertz."""
    return np.abs(np.fft.rfft(note[:32_000] * np.hanning(32_000)))


@pytest.mark.parametrize("pitch", [40, 57, 69, 90])
@pytest.mark.parametrize("preset", [_PIANO, _TRUMPET])
def test_the_pitch_is_right(tiny, preset, pitch):
    note = NoteRenderer(tiny).render_note(*preset, pitch, 100)
    assert _spectrum(note).argmax() / 2 == pytest.approx(_hz(pitch), abs=0.5)  # one bin


def test_a_sine_stays_a_sine(tiny):
    spectrum = _spectrum(NoteRenderer(tiny).render_note(*_PIANO, 69, 100))
    peak = spectrum.argmax()
    rest = np.delete(spectrum, np.arange(peak - 10, peak + 11))
    assert rest.max() < spectrum[peak] * 1e-3  # the onset's click alone is not at 440 Hz


def test_oversampling_keeps_out_what_would_fold(tiny):
    """A saw at 2,093 Hz has its fourth partial at 8,372 Hz, which folds to 7,628 Hz."""
    folded = slice(2 * 7_628 - 40, 2 * 7_628 + 40)
    levels = {
        oversampling: _spectrum(
            NoteRenderer(tiny, oversampling=oversampling).render_note(*_TRUMPET, 96, 100)
        )[folded].max()
        for oversampling in (1, 2)
    }
    assert levels[2] < levels[1] / 10


def test_velocity_is_loudness(tiny):
    renderer = NoteRenderer(tiny)
    peaks = [np.abs(renderer.render_note(*_PIANO, 60, v)).max() for v in (25, 50, 75, 100, 127)]
    assert all(louder > 1.2 * softer for softer, louder in pairwise(peaks))


def test_gain_is_a_factor(tiny):
    soft, loud = (NoteRenderer(tiny, gain=g).render_note(*_TRUMPET, 60, 90) for g in (0.1, 0.4))
    np.testing.assert_allclose(loud, 4 * soft, atol=1e-6)  # float32 sums


def test_the_note_ends_when_the_key_is_let_go(tiny):
    note = NoteRenderer(tiny).render_note(*_PIANO, 60, 127)
    assert np.abs(note[40_000:48_000]).max() > 0.1
    assert np.abs(note[49_600:]).max() < 1e-4  # a release of 1 ms, 0.1 s later


def test_times_and_rate_set_the_length(tiny):
    renderer = NoteRenderer(tiny, sample_rate_hz=22_050)
    note = renderer.render_note(*_PIANO, 60, 127, held_s=0.2, total_s=0.5)
    assert note.shape == (11_025,)
    assert note.dtype == np.float32
    assert np.abs(note[6_000:]).max() < 1e-4


def test_keys_outside_the_range_are_silent(tiny):
    renderer = NoteRenderer(tiny)
    faults = {pitch: fault_of(renderer.render_note(*_PIANO, pitch, 127)) for pitch in (35, 36)}
    assert faults == {35: "silent", 36: None}


def test_the_order_of_notes_does_not_matter(tiny):
    _check_order(tiny, list(product([_PIANO, _TRUMPET, _LATE_TRUMPET], (40, 64, 90), (30, 127))))


def test_the_order_of_florestans_notes_does_not_matter(florestan):
    presets = [(preset.bank, preset.program) for preset in list_presets(florestan)]
    _check_order(florestan, list(product(presets, (48, 72), (127,))))


def test_the_order_of_installed_notes_does_not_matter(installed):
    programs = [(0, program) for program in (16, 50, 60, 101)]  # layers, pans, delays
    _check_order(installed, list(product(programs, (48, 84), (127,))))


def _check_order(soundfont, notes) -> None:
    renderer = NoteRenderer(soundfont)
    first = {note: renderer.render_note(*note[0], *note[1:]).tobytes() for note in notes}
    random.Random(0).shuffle(notes)
    assert all(renderer.render_note(*n[0], *n[1:]).tobytes() == first[n] for n in notes)
    assert len(set(first.values())) == len(first)


def test_another_process_renders_the_same_bits(tiny):
    script = (
        "import sys, hashlib; from pathlib import Path; from timbrespace.rendering import *; "
        "note = NoteRenderer(Path(sys.argv[1])).render_note(0, 56, 60, 100); "
        "print(hashlib.sha256(note.tobytes()).hexdigest())"
    )
    command = [sys.executable, "-c", script, tiny]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    renderer = NoteRenderer(tiny)
    renderer.render_note(*_LATE_TRUMPET, 50, 127)
    note = renderer.render_note(*_TRUMPET, 60, 100)
    assert done.stdout.strip() == hashlib.sha256(note.tobytes()).hexdigest()


def test_a_preset_that_is_not_there_is_refused(tiny):
    with pytest.raises(InputError, match=r"tiny\.sf2: no preset with bank 5, program 6"):
        NoteRenderer(tiny).render_note(5, 6, 60, 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"pitch": 128},
        {"velocity": 0},
        {"velocity": 128},
        {"held_s": 0.0},
        {"held_s": 2.0, "total_s": 1.0},
    ],
)
def test_numbers_out_of_range_are_refused(tiny, wrong):
    note = {"bank": 0, "program": 0, "pitch": 60, "velocity": 100} | wrong
    with pytest.raises(InputError, match="a note has pitch 0 to 127"):
        NoteRenderer(tiny).render_note(**note)


def test_a_file_that_fluidsynth_cannot_load_is_refused(tmp_path):
    file = tmp_path / "no.sf2"
    file.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(InputError, match=r"no\.sf2: FluidSynth cannot load"):
        NoteRenderer(file)


@pytest.mark.parametrize(("rate_hz", "oversampling"), [(4_000, 1), (48_000, 3), (16_000, 0)])
def test_rates_that_fluidsynth_has_not_are_refused(tiny, rate_hz, oversampling):
    with pytest.raises(InputError, match="FluidSynth runs at 8000 to 96000 Hz"):
        NoteRenderer(tiny, sample_rate_hz=rate_hz, oversampling=oversampling)


@pytest.mark.parametrize(
    ("peak", "fault"), [(0.00099, "silent"), (0.0011, None), (0.9999, None), (1.0, "clipped")]
)
def test_faults_begin_at_minus_60_db_and_full_scale(peak, fault):
    assert fault_of(np.array([0.0, -peak, 0.0], np.float32)) == fault


def test_an_empty_note_is_silent():
    assert fault_of(np.zeros(0, np.float32)) == "silent"
