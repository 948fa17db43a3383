from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.corpora import rwc

_RATE_HZ = 8_000
_NOTE_S, _REST_S = 0.4, 0.6


def write_scale(path: Path, n_notes: int) -> None:
    note = np.sin(2 * np.pi * 300 / _RATE_HZ * np.arange(round(_NOTE_S * _RATE_HZ)))
    rest = np.zeros(round(_REST_S * _RATE_HZ))
    soundfile.write(path, np.concatenate([rest, *([note, rest] * n_notes)]), _RATE_HZ)


def write_ranges(root: Path, name: str, span: str) -> None:
    header = "Inst. No.,File name (F),File name (M),Pitch range (F),Pitch range (M)"
    (root / "02_instruments_details_en.csv").write_text(f"{header}\n17,{name},,{span},\n")


def test_scale_is_cut_into_its_notes(tmp_path: Path) -> None:
    write_scale(tmp_path / "172VCPZF.WAV", 4)
    manifest = rwc.scan(tmp_path).manifest
    assert manifest["id"].to_pylist() == [f"172VCPZF-00{number}" for number in (1, 2, 3, 4)]
    starts = _REST_S + (_NOTE_S + _REST_S) * np.arange(4)
    # the cut keeps up to 20 ms and a 10 ms frame around a note
    np.testing.assert_allclose(manifest["start_s"].to_numpy(), starts, atol=0.035)
    np.testing.assert_allclose(manifest["duration_s"].to_numpy(), _NOTE_S, atol=0.065)
    assert set(manifest["sample_rate_hz"].to_pylist()) == {_RATE_HZ}
    assert set(manifest["instrument"].to_pylist()) == {"cello-172"}


def test_range_with_as_many_half_tones_gives_pitches(tmp_path: Path) -> None:
    write_scale(tmp_path / "172VCPZF.WAV", 4)
    write_ranges(tmp_path, "172VCPZF.WAV", "A#3>>C#4")
    assert rwc.scan(tmp_path).manifest["pitch_midi"].to_pylist() == [58, 59, 60, 61]


@pytest.mark.parametrize("span", ["C2>>F5", "", "C2", "C2>>E2>>G2", "low>>high"])
def test_other_ranges_give_no_pitch(tmp_path: Path, span: str) -> None:
    write_scale(tmp_path / "172VCPZF.WAV", 4)
    write_ranges(tmp_path, "172VCPZF.WAV", span)
    assert rwc.scan(tmp_path).manifest["pitch_midi"].null_count == 4
