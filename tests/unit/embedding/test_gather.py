import pytest
import soundfile

from timbrespace.embedding import gather
from timbrespace.errors import InputError
from timbrespace.manifest import write_manifest


def write_note(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, [0.1, 0.2], 16_000)


def test_files_folders_and_manifests_are_joined(tone_manifest, tmp_path):
    write_note(tmp_path / "set" / "oboe" / "a.wav")
    write_note(tmp_path / "single.wav")
    write_manifest(tone_manifest, tmp_path / "tones.parquet")
    paths = [tmp_path / "set", tmp_path / "single.wav", tmp_path / "tones.parquet"]
    manifest, problems = gather(paths)
    assert manifest.num_rows == 2 + tone_manifest.num_rows
    assert manifest["instrument"].to_pylist()[:2] == ["oboe", None]
    assert problems == []


def test_what_is_named_twice_stands_once(tmp_path):
    write_note(tmp_path / "a.wav")
    manifest, _ = gather([tmp_path / "a.wav", tmp_path / "a.wav"])
    assert manifest.num_rows == 1


def test_a_split_can_be_chosen(tone_manifest, tmp_path):
    write_manifest(tone_manifest, tmp_path / "tones.parquet")
    manifest, _ = gather([tmp_path / "tones.parquet"], split="test")
    assert set(manifest["instrument"].to_pylist()) == {"tone-4", "tone-5"}
    with pytest.raises(InputError, match="nothing to embed in split 'valid'"):
        gather([tmp_path / "tones.parquet"], split="valid")


def test_what_is_missing_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"nowhere: no such file"):
        gather([tmp_path / "nowhere"])
