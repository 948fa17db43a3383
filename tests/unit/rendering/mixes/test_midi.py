import contextlib

import pytest

from timbrespace.errors import ConfigError, InputError
from timbrespace.rendering.mixes.midi import read_midi
from timbrespace.rendering.mixes.midi_splits import read_midi_folder
from timbrespace.rendering.mixes.score import BASS, DRUMS, MELODY, ScoreNote


def _on(time_s, note, velocity=80, channel=0):
    return time_s, "note_on", {"note": note, "velocity": velocity, "channel": channel}


def _off(time_s, note, channel=0):
    return time_s, "note_off", {"note": note, "channel": channel}


def _program(time_s, program, channel=0):
    return time_s, "program_change", {"program": program, "channel": channel}


def _pedal(time_s, value):
    return time_s, "control_change", {"control": 64, "value": value, "channel": 0}


def test_programs_become_parts_whatever_the_channel(write_midi, tmp_path):
    file = write_midi(
        tmp_path / "piece.mid",
        _program(0, 40, channel=0),
        _program(0, 40, channel=1),
        _program(0, 33, channel=2),
        _on(0, 36, channel=9),
        _on(0, 60),
        _on(0.5, 64, channel=1),
        _on(0.5, 30, channel=2),
        _off(1, 36, channel=9),
        _off(1, 60),
        _off(1, 64, channel=1),
        _program(1, 73),
        _on(1, 72),
        _off(2, 30, channel=2),
        _off(2, 72),
    )
    score = read_midi(file)
    assert (score.name, score.duration_s) == ("piece", 2.0)
    roles = {(part.role, part.program): len(part.notes) for part in score.parts}
    assert roles == {(MELODY, 40): 2, (MELODY, 73): 1, (BASS, 33): 1, (DRUMS, 0): 1}
    assert score.parts[1].notes == (ScoreNote(0.0, 1.0, 60, 80), ScoreNote(0.5, 0.5, 64, 80))


def test_tempo_is_followed(tmp_path):
    mido = pytest.importorskip("mido")
    file = mido.MidiFile(ticks_per_beat=100)
    file.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)]))
    file.tracks.append(
        mido.MidiTrack(
            [
                mido.Message("note_on", note=60, velocity=64, time=100),
                mido.Message("note_off", note=60, time=50),
            ]
        )
    )
    file.save(tmp_path / "slow.mid")
    (part,) = read_midi(tmp_path / "slow.mid").parts
    assert part.notes == (ScoreNote(1.0, 0.5, 60, 64),)


def test_pedal_holds_notes_until_it_is_let_go_or_they_are_struck_again(write_midi, tmp_path):
    file = write_midi(
        tmp_path / "pedal.mid",
        _pedal(0, 127),
        _on(0, 60),
        _on(0, 64),
        _off(0.5, 60),
        _off(0.5, 64),
        _on(1, 60),
        _pedal(2, 0),
        _off(3, 60),
    )
    (part,) = read_midi(file).parts
    spans = {(note.pitch, note.start_s, note.duration_s) for note in part.notes}
    assert spans == {(60, 0.0, 1.0), (64, 0.0, 2.0), (60, 1.0, 2.0)}


def test_notes_that_never_end_last_to_the_end(write_midi, tmp_path):
    file = write_midi(tmp_path / "open.mid", _on(0, 60), _on(1, 64), _off(3, 64))
    (part,) = read_midi(file).parts
    assert part.notes[0] == ScoreNote(0.0, 3.0, 60, 80)


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", b"MThd\0\0\0\6\0\1\0\1\1\0MTrk\0\0\0\x09\0\x90"]
)
def test_broken_files_are_refused(tmp_path, content):
    pytest.importorskip("mido")
    (tmp_path / "broken.mid").write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.mid: (cannot be read|has no notes)"):
        read_midi(tmp_path / "broken.mid")


def test_every_cut_of_a_file_is_read_or_refused(write_midi, tmp_path):
    whole = write_midi(tmp_path / "a.mid", _on(0, 60), _off(1, 60), _on(1, 62), _off(2, 62))
    content = whole.read_bytes()
    for size in range(len(content)):
        whole.write_bytes(content[:size])
        with contextlib.suppress(InputError):
            assert read_midi(whole).parts


def test_large_and_silent_files_are_refused(write_midi, tmp_path):
    with pytest.raises(InputError, match="has no notes"):
        read_midi(write_midi(tmp_path / "silent.mid", _program(0, 1)))
    with (tmp_path / "large.mid").open("wb") as file:
        file.truncate(5_000_000)
    with pytest.raises(InputError, match="is larger than 4 MB"):
        read_midi(tmp_path / "large.mid")


def test_no_file_is_in_two_splits_and_broken_ones_are_told(write_midi, tmp_path):
    for number in range(8):
        write_midi(tmp_path / f"{number}.mid", _on(0, 60), _off(1, 60))
    (tmp_path / "3.mid").write_bytes(b"rubbish")
    told = []
    midi = read_midi_folder(tmp_path, ["train", "valid", "test"], lambda *done: told.append(done))
    songs = [file.song for files in midi.files.values() for file in files]
    assert sorted(songs) == list("0124567")
    assert all(midi.files.values())
    assert len(midi.files["train"]) > len(midi.files["test"])
    assert len(midi.problems) == 1
    assert told[-1] == (8, 8)


def test_too_few_files_for_the_splits_are_refused(write_midi, tmp_path):
    write_midi(tmp_path / "one.mid", _on(0, 60), _off(1, 60))
    with pytest.raises(ConfigError, match="1 of 1 MIDI files can be read, for 2 splits"):
        read_midi_folder(tmp_path, ["train", "test"], lambda done, total: None)


def test_a_folder_without_midi_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no MIDI file"):
        read_midi_folder(tmp_path, ["train"], lambda done, total: None)
    with pytest.raises(InputError, match="no such folder"):
        read_midi_folder(tmp_path / "none", ["train"], lambda done, total: None)


def test_a_real_symphony_has_its_instruments(test_data):
    pytest.importorskip("mido")
    score = read_midi(test_data / "midi" / "symphony_7_2.mid")
    assert {part.program for part in score.parts} == {45, 47, 48, 56, 60, 68, 70, 71, 73}
    assert score.duration_s == pytest.approx(463, abs=1)
