import json
from pathlib import Path

import pytest

from timbrespace.corpora import nsynth
from timbrespace.errors import InputError

_ENTRY = {
    "instrument_str": "reed_acoustic_007",
    "instrument_family_str": "reed",
    "instrument_source_str": "acoustic",
    "pitch": 60,
    "velocity": 75,
    "sample_rate": 16_000,
    "qualities_str": ["dark"],
}


def write_split(folder: Path, entries: object) -> Path:
    (folder / "audio").mkdir(parents=True)
    (folder / "examples.json").write_text(json.dumps(entries))
    for note in entries if isinstance(entries, dict) else ():
        (folder / "audio" / f"{note}.wav").touch()
    return folder


def test_row_carries_what_the_entry_says(tmp_path: Path) -> None:
    write_split(tmp_path / "nsynth-valid", {"reed_acoustic_007-060-075": _ENTRY})
    (row,) = nsynth.scan(tmp_path).manifest.to_pylist()
    assert {key: value for key, value in row.items() if value is not None} == {
        "id": "reed_acoustic_007-060-075",
        "path": f"{tmp_path}/nsynth-valid/audio/reed_acoustic_007-060-075.wav",
        "sample_rate_hz": 16_000,
        "instrument": "reed_acoustic_007",
        "family": "reed",
        "source": "acoustic",
        "pitch_midi": 60,
        "velocity": 75,
        "split": "valid",
    }


def test_soundfont_of_a_rendered_corpus_is_the_maker(tmp_path: Path) -> None:
    write_split(tmp_path / "nsynth-train", {"a": _ENTRY | {"soundfont": "florestan"}})
    assert nsynth.scan(tmp_path).manifest["maker"].to_pylist() == ["florestan"]


def test_recording_of_a_rendered_corpus_is_the_instrument(tmp_path: Path) -> None:
    shared = _ENTRY | {"recording": "reed_acoustic_001", "kind": "Oboe"}
    write_split(tmp_path / "nsynth-train", {"a": shared, "b": shared | {"instrument_str": "other"}})
    manifest = nsynth.scan(tmp_path).manifest
    assert manifest["instrument"].to_pylist() == ["reed_acoustic_001"] * 2
    assert manifest["kind"].to_pylist() == ["Oboe"] * 2


def test_drums_have_neither_pitch_nor_family(tmp_path: Path) -> None:
    drum = _ENTRY | {"pitch": None, "instrument_family_str": None}
    write_split(tmp_path / "nsynth-train", {"a": drum})
    scan = nsynth.scan(tmp_path)
    assert scan.problems == []
    assert scan.manifest["pitch_midi"].to_pylist() == [None]
    assert scan.manifest["family"].to_pylist() == [None]


def test_what_may_be_null_must_still_be_there(tmp_path: Path) -> None:
    entry = {key: value for key, value in _ENTRY.items() if key != "pitch"}
    write_split(tmp_path / "nsynth-train", {"a": entry})
    (problem,) = nsynth.scan(tmp_path).problems
    assert "lacks pitch" in problem.message


@pytest.mark.parametrize(("name", "split"), [("nsynth-test", "test"), ("my-notes", None)])
def test_root_may_be_one_split(tmp_path: Path, name: str, split: str | None) -> None:
    folder = write_split(tmp_path / name, {"a": _ENTRY})
    assert nsynth.scan(folder).manifest["split"].to_pylist() == [split]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pitch": "60"}, "lacks pitch, or has another type"),
        ({"velocity": True}, "lacks velocity, or has another type"),
        ({"pitch": 128}, "has pitch 128, velocity 75"),
        ({"instrument_family_str": "kazoo"}, "unknown family 'kazoo'"),
        ({"instrument_source_str": "alien"}, "unknown source 'alien'"),
        ({"soundfont": 3}, "soundfont by something that is not text"),
        ({"kind": None}, "kind by something that is not text"),
        ({"recording": ["a"]}, "recording by something that is not text"),
    ],
)
def test_wrong_value_is_a_problem(tmp_path: Path, change: dict[str, object], message: str) -> None:
    write_split(tmp_path / "nsynth-test", {"good": _ENTRY, "bad": _ENTRY | change})
    scan = nsynth.scan(tmp_path)
    assert scan.manifest["id"].to_pylist() == ["good"]
    (problem,) = scan.problems
    assert problem.path.name == "examples.json"
    assert problem.message.startswith("entry bad ")
    assert message in problem.message


@pytest.mark.parametrize(
    ("entries", "message"), [([1, 2], "must be an object"), ({"a": 3}, "entry a is not an object")]
)
def test_other_json_is_a_problem(tmp_path: Path, entries: object, message: str) -> None:
    write_split(tmp_path / "nsynth-test", entries)
    assert message in nsynth.scan(tmp_path).problems[0].message


def test_split_without_audio_folder_is_one_problem(tmp_path: Path) -> None:
    folder = write_split(tmp_path / "nsynth-test", {})
    (folder / "audio").rmdir()
    (problem,) = nsynth.scan(tmp_path).problems
    assert problem.path == folder / "audio"


def test_hidden_files_are_no_extra_audio(tmp_path: Path) -> None:
    folder = write_split(tmp_path / "nsynth-test", {"a": _ENTRY})
    (folder / "audio" / ".DS_Store").touch()
    assert nsynth.scan(tmp_path).problems == []


def test_folder_without_splits_is_refused(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    with pytest.raises(InputError, match="does not look like NSynth"):
        nsynth.scan(tmp_path)
