import pytest

from timbrespace.audio import read_note, read_notes
from timbrespace.errors import AudioError
from timbrespace.manifest import manifest_from_rows


def test_notes_come_in_the_order_of_the_rows(tone_manifest):
    seen = []
    for part, notes in read_notes(tone_manifest, sample_rate_hz=16_000, part_rows=10):
        assert part.num_rows == len(notes) <= 10
        for path, note in zip(part["path"].to_pylist(), notes, strict=True):
            assert (note == read_note(path, sample_rate_hz=16_000)).all()
            seen.append(path)
    assert seen == tone_manifest["path"].to_pylist()


def test_parts_and_lengths_are_kept_to(tone_manifest):
    path = tone_manifest["path"][0].as_py()
    rows = manifest_from_rows(
        [
            {"id": "part", "path": path, "start_s": 0.1, "duration_s": 0.2},
            {"id": "whole", "path": path},
        ]
    )
    ((_, [part, cut]),) = read_notes(rows, sample_rate_hz=16_000, longest_s=0.3)
    assert len(part) == pytest.approx(0.2 * 16_000, abs=400)  # trimmed in steps of 10 ms
    assert len(cut) == pytest.approx(0.3 * 16_000, abs=400)


def test_an_error_takes_the_place_of_its_note(tmp_path):
    rows = manifest_from_rows([{"id": "a", "path": str(tmp_path / "a.wav")}])
    ((_, [note]),) = read_notes(rows, sample_rate_hz=16_000)
    assert isinstance(note, AudioError)


def test_no_rows_give_no_parts():
    assert list(read_notes(manifest_from_rows([]), sample_rate_hz=16_000)) == []
