import shutil

import pytest
import soundfile

from timbrespace.embeddings import write_embeddings
from timbrespace.errors import InputError
from timbrespace.identification import gather_lesson
from timbrespace.manifest import write_manifest


@pytest.fixture
def folder(tmp_path, rng):
    """Three classes of three sounds; one class has a subfolder."""
    root = tmp_path / "mine"
    for name in ("hat", "kick", "snare/old"):
        (root / name).mkdir(parents=True)
        for take in "abc":
            sound = rng.uniform(-0.5, 0.5, 800)
            soundfile.write(root / name / f"{take}.wav", sound, 16_000)
    return root


def test_first_folders_are_classes(folder):
    table, problems = gather_lesson(folder)
    assert table["instrument"].to_pylist() == ["hat"] * 3 + ["kick"] * 3 + ["snare"] * 3
    assert problems == []


def test_what_cannot_teach_is_listed(folder):
    (folder / "empty").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "notes").mkdir()
    (folder / "notes" / "read.txt").write_text("no sound")
    (folder / "hat" / "phone.m4a").write_bytes(b"x")
    shutil.copy(folder / "hat" / "a.wav", folder / "loose.wav")
    table, problems = gather_lesson(folder)
    assert table.num_rows == 9
    for name, fault in (
        ("empty", "holds no sound that can be read"),
        ("notes", "holds no sound that can be read"),
        ("hat/phone.m4a", ".m4a cannot be decoded"),
        ("loose.wav", "lies in no class folder"),
    ):
        assert sum(f"{name}: {fault}" in problem for problem in problems) == 1, problems
    assert len(problems) == 4


def test_a_sound_in_two_classes_teaches_neither(folder):
    shutil.copy(folder / "hat" / "a.wav", folder / "kick" / "other.wav")
    table, problems = gather_lesson(folder)
    assert {"hat/a.wav", "kick/other.wav"}.isdisjoint(table["id"].to_pylist())
    assert len(problems) == 2
    assert all("the same sound is in another class, too" in problem for problem in problems)


def test_a_sound_twice_in_a_class_counts_once(folder):
    shutil.copy(folder / "hat" / "a.wav", folder / "hat" / "d.wav")
    table, (problem,) = gather_lesson(folder)
    assert table.num_rows == 9
    assert "hat/d.wav: the same sound is there already" in problem


def test_tables_are_taken_as_they_are(clouds, folder, tmp_path):
    write_embeddings(clouds(), tmp_path / "e.parquet")
    table, _ = gather_lesson(tmp_path / "e.parquet")
    assert table.schema.metadata == clouds().schema.metadata
    write_manifest(gather_lesson(folder)[0], tmp_path / "m.parquet")
    table, _ = gather_lesson(tmp_path / "m.parquet")
    assert (table.num_rows, "embedding" in table.column_names) == (9, False)


def test_sources_that_are_none_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected a folder of class folders, or a .parquet"):
        gather_lesson(tmp_path / "nowhere")
    with pytest.raises(InputError, match="does not look like"):
        gather_lesson(tmp_path)
