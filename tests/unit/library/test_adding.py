import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrespace.errors import ConfigError, InputError
from timbrespace.library import Library, keeping
from timbrespace.library.catalogue import Catalogue
from timbrespace.locks import exclusive

from .conftest import toy_encoder, write_tone


def counts(found):
    return {
        name: getattr(found, name)
        for name in ("added", "unchanged", "changed", "moved", "missing")
        if getattr(found, name)
    }


def ids(library):
    rows = library.rows(["path", "id"]).to_pylist()
    return {Path(row["path"]).name: row["id"] for row in rows}


def vector_of(library, path):
    slot = library.rows(["slot"], where=("path = ?", [str(path)]))["slot"][0].as_py()
    return np.asarray(library.vectors[slot], np.float32)


def test_every_sound_is_kept_with_its_vector_and_descriptors(library, sounds, encoder):
    seen = []
    found = library.add([sounds], encoder, on_progress=lambda *said: seen.append(said))
    assert (counts(found), found.sounds, found.failed, found.problems) == (
        {"added": 12},
        12,
        [],
        [],
    )
    assert seen[-1] == ("listening", 12, 12)
    rows = library.rows(order="path").to_pylist()
    assert [row["path"] for row in rows] == sorted(map(str, sounds.rglob("*.wav")))
    first = rows[0]
    assert (first["instrument"], first["channels"], first["sample_rate_hz"]) == ("flute", 1, 16_000)
    assert first["duration_s"] == pytest.approx(0.3)
    assert first["pitch_midi"] == pytest.approx(69 + 12 * np.log2(250 / 440), abs=0.1)
    assert (len(first["waveform"]), len(first["envelope"])) == (256, 64)
    for row in rows:
        np.testing.assert_allclose(
            library.vectors[row["slot"]], encoder.embed(row["path"])[0], atol=2e-3
        )  # float16
    assert library.folders == [sounds]
    assert library.n_sounds == 12


def test_a_second_run_hears_nothing(filled, sounds):
    assert counts(filled.add([sounds])) == {"unchanged": 12}
    assert counts(filled.add()) == {"unchanged": 12}
    for path in sounds.rglob("*.wav"):
        os.utime(path)  # touched, but the same
    found = filled.add()
    assert (counts(found), found.sounds) == ({"unchanged": 12}, 0)


def test_new_and_changed_files_are_heard_and_keep_their_ids(filled, sounds):
    before = ids(filled)
    filled.tag([before["00.wav"]], add=["mine"])
    filled.favourite([before["00.wav"]])
    path = write_tone(sounds / "oboe" / "00.wav", hz=3000, seconds=0.5)
    write_tone(sounds / "oboe" / "new.wav", hz=100)
    found = filled.add()
    assert counts(found) == {"added": 1, "changed": 1, "unchanged": 11}
    after = ids(filled)
    assert after.pop("new.wav") not in before.values()
    assert after == before
    (row,) = filled.rows(where=("path = ?", [str(path)])).to_pylist()
    assert (row["tags"], row["favourite"]) == (["mine"], 1)
    assert row["duration_s"] == pytest.approx(0.5)
    np.testing.assert_allclose(vector_of(filled, path), filled.place(path), atol=2e-3)


def test_moved_files_are_known_again(filled, sounds, tmp_path):
    before = ids(filled)
    filled.tag([before["01.wav"]], add=["mine"])
    shutil.move(sounds / "flute", tmp_path / "elsewhere")
    shutil.move(sounds / "oboe" / "00.wav", sounds / "oboe" / "renamed.wav")
    found = filled.add([tmp_path / "elsewhere", sounds])
    assert (counts(found), found.sounds) == ({"moved": 7, "unchanged": 5}, 0)
    after = ids(filled)
    assert after["renamed.wav"] == before["00.wav"]
    assert {name: after[name] for name in ("01.wav", "03.wav")} == {
        name: before[name] for name in ("01.wav", "03.wav")
    }
    assert filled.rows(["tags"], where=("id = ?", [after["01.wav"]]))["tags"].to_pylist() == [
        ["mine"]
    ]


def test_a_copy_is_a_sound_of_its_own(filled, sounds):
    shutil.copy(sounds / "oboe" / "00.wav", sounds / "oboe" / "copy.wav")
    assert counts(filled.add()) == {"added": 1, "unchanged": 12}
    assert len(set(ids(filled).values())) == 13


def test_files_that_are_gone_are_marked_until_they_are_back_or_pruned(filled, sounds, tmp_path):
    path, away = sounds / "oboe" / "00.wav", tmp_path / "away.wav"
    shutil.move(path, away)
    assert counts(filled.add()) == {"unchanged": 11, "missing": 1}
    assert (filled.n_sounds, filled.status().n_missing) == (11, 1)
    shutil.move(away, path)
    found = filled.add()
    assert (counts(found), found.sounds, filled.n_sounds) == ({"unchanged": 12}, 0, 12)
    path.unlink()
    filled.add()
    assert filled.prune().n_files == 1
    assert filled.status().n_missing == 0


def test_prune_keeps_what_lies_on_a_drive_that_is_not_there(filled, sounds, tmp_path):
    sounds.rename(tmp_path / "unplugged")
    pruned = filled.prune()
    assert (pruned.n_files, pruned.absent, filled.n_sounds) == (0, [sounds], 12)
    with pytest.raises(InputError, match="no folder that was added is there"):
        filled.add()
    assert filled.remove([sounds]) == 12
    assert (filled.n_sounds, filled.folders) == (0, [])
    with pytest.raises(InputError, match="holds nothing of it"):
        filled.remove([sounds])


def test_what_is_no_audio_is_not_added_and_a_folder_without_any_can_be_removed(filled, tmp_path):
    folders = filled.folders
    (tmp_path / "notes.txt").touch()
    with pytest.raises(InputError, match="neither a folder nor an audio file"):
        filled.add([tmp_path / "notes.txt"])
    assert filled.folders == folders
    (tmp_path / "empty").mkdir()
    filled.add([tmp_path / "empty"])
    assert filled.remove([tmp_path / "empty"]) == 0
    assert filled.folders == folders


def test_bad_files_are_kept_with_the_reason_until_they_are_mended(library, sounds, encoder):
    (sounds / "empty.wav").touch()
    (sounds / "text.wav").write_text("not audio")
    (sounds / "phone.m4a").write_bytes(b"x")
    soundfile.write(sounds / "silent.wav", np.zeros(8_000), 16_000)
    whole = (sounds / "oboe" / "00.wav").read_bytes()
    (sounds / "header.wav").write_bytes(whole[:30])
    soundfile.write(sounds / "huge.wav", np.full(8_000, 1e30), 16_000, subtype="FLOAT")
    (sounds / "odd.wav").symlink_to("/dev/zero")
    found = library.add([sounds], encoder)
    assert counts(found) == {"added": 12}
    assert found.problems == [f"{sounds}/odd.wav: is not a regular file."]
    reasons = dict(library.failed())
    assert reasons == dict(found.failed)
    assert {Path(path).name for path in reasons} == {
        "empty.wav",
        "header.wav",
        "huge.wav",
        "phone.m4a",
        "silent.wav",
        "text.wav",
    }
    assert reasons[str(sounds / "empty.wav")] == "the file is empty (0 bytes)."
    assert reasons[str(sounds / "silent.wav")].startswith("is silent")
    assert library.n_sounds == 12
    write_tone(sounds / "empty.wav", hz=90)
    found = library.add()
    assert (counts(found), len(found.failed)) == ({"changed": 1, "unchanged": 12}, 5)
    assert library.n_sounds == 13


def test_a_good_file_that_breaks_keeps_its_tags_until_it_is_mended(filled, sounds):
    path = sounds / "oboe" / "00.wav"
    number, whole = ids(filled)["00.wav"], path.read_bytes()
    filled.tag([number], add=["mine"])
    path.write_bytes(b"RIFF")
    assert len(filled.add().failed) == 1
    assert filled.n_sounds == 11
    path.write_bytes(whole)
    filled.add()
    (row,) = filled.rows(["id", "tags"], where=("path = ?", [str(path)])).to_pylist()
    assert row == {"id": number, "tags": ["mine"]}


def test_a_file_that_ends_early_is_as_long_as_it_is(library, tmp_path, encoder):
    path = write_tone(tmp_path / "sounds" / "cut.wav", seconds=2)
    path.write_bytes(path.read_bytes()[: 44 + 16_000 * 2])
    library.add([path], encoder)
    assert library.rows(["duration_s"])["duration_s"][0].as_py() == pytest.approx(1)


@pytest.mark.parametrize("rate", [2_000, 8_000, 96_000])
def test_any_rate_is_heard(library, tmp_path, encoder, rate):
    path = write_tone(tmp_path / "tone.wav", hz=440, seconds=0.5, rate=rate)
    assert counts(library.add([path], encoder)) == {"added": 1}
    row = library.rows().to_pylist()[0]
    assert row["sample_rate_hz"] == rate
    assert row["pitch_midi"] == pytest.approx(69, abs=0.1)


def test_a_name_that_is_not_utf8_is_told(library, sounds, encoder):
    path = sounds / os.fsdecode(b"caf\xe9.wav")
    shutil.copy(sounds / "oboe" / "00.wav", path)
    assert counts(library.add([sounds], encoder)) == {"added": 12}
    assert list(library.failed()) == [
        (f"{sounds}/caf\\xe9.wav", "the name is not UTF-8; rename the file.")
    ]
    path.rename(sounds / "café.wav")
    assert counts(library.add()) == {"added": 1, "unchanged": 12, "missing": 1}


def test_another_encoder_is_refused_and_nothing_changes(filled, sounds):
    write_tone(sounds / "new.wav", hz=90)
    with pytest.raises(
        InputError, match=r"was made with the encoder .* their vectors do not compare"
    ):
        filled.add([sounds], toy_encoder(seed=1))
    assert filled.n_sounds == 12


def test_slices_are_chosen_once(filled):
    with pytest.raises(ConfigError, match="the library keeps whole files"):
        filled.add(slices=True)


def test_long_files_are_cut_into_sounds(library, tmp_path, encoder):
    rng = np.random.default_rng(0)
    note = rng.standard_normal(4_000) * np.exp(-np.arange(4_000) / 600) / 8
    rest = np.zeros(12_000)
    wave = np.concatenate([part for _ in range(70) for part in (note, rest)])  # 70 s
    (tmp_path / "take").mkdir()
    soundfile.write(tmp_path / "take" / "hits.wav", wave, 16_000)
    found = library.add([tmp_path / "take"], encoder, slices=True)
    starts = library.rows(["start_s"])["start_s"].to_pylist()
    assert found.sounds == len(starts) == 70
    assert starts == pytest.approx(np.arange(70), abs=0.05)
    before = library.rows(["id"])["id"].to_pylist()
    soundfile.write(tmp_path / "take" / "hits.wav", wave[: 16_000 * 3], 16_000)
    assert counts(library.add()) == {"changed": 1}
    assert library.rows(["id"])["id"].to_pylist() == before[:3]


def test_a_stop_between_vectors_and_rows_loses_and_doubles_nothing(
    library, sounds, encoder, monkeypatch
):
    monkeypatch.setattr(keeping, "_BATCH_SOUNDS", 5)
    real, calls = Catalogue.transaction, []

    def stop(self):
        if self.meta("next_slot") == "5" and (library.folder / "stop").exists():
            calls.append(self)
            raise KeyboardInterrupt
        return real(self)

    (library.folder / "stop").touch()
    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "transaction", stop)
        with pytest.raises(KeyboardInterrupt):
            library.add([sounds], encoder)
    assert calls
    assert library.n_sounds == 5
    found = library.add([sounds], encoder)
    assert counts(found) == {"added": 7, "unchanged": 5}
    assert sorted(library.rows(["slot"])["slot"].to_pylist()) == list(range(12))
    for path in sounds.rglob("*.wav"):
        np.testing.assert_allclose(vector_of(library, path), library.place(path), atol=2e-3)


def test_two_at_once_are_refused(filled, sounds):
    with (
        exclusive(filled.folder / ".lock", work="adding sounds"),
        pytest.raises(InputError, match="another process is adding sounds here"),
    ):
        filled.add([sounds])


def test_one_can_read_and_tag_while_sounds_are_added(library, sounds, encoder, monkeypatch):
    monkeypatch.setattr(keeping, "_BATCH_SOUNDS", 3)
    seen = []

    def look(work, done, total):
        if work != "listening" or done < 4:
            return
        with Library.open(library.folder, writable=False) as reader:
            rows = reader.rows(["id", "slot"])
            assert reader.vectors[rows["slot"].to_numpy()].any(axis=1).all()
            seen.append(reader.n_sounds)
        with Library.open(library.folder) as other:
            other.favourite(rows["id"].to_pylist())

    library.add([sounds], encoder, on_progress=look)
    assert seen == sorted(seen)
    assert 0 < seen[0] < 12
    assert library.status().n_favourites > 0


def test_a_library_among_its_own_sounds_is_not_heard(sounds, encoder):
    with Library.open(sounds / "library") as library:
        write_tone(sounds / "library" / "derived.wav")
        assert counts(library.add([sounds], encoder)) == {"added": 12}


def test_all_is_heard_again_by_another_encoder_and_keeps_ids_and_tags(
    library, sounds, encoder, tmp_path
):
    library.add([sounds], encoder)
    before = library.rows(["id", "path"], order="path")
    library.tag(before["id"].to_pylist()[:2], add=["kept"])
    library.favourite(before["id"].to_pylist()[2:3])
    found = library.add([sounds], toy_encoder(seed=1), again=True)
    assert (found.changed, found.added, found.sounds) == (12, 0, 12)
    after = library.rows(["id", "path", "slot", "tags", "favourite"], order="path")
    assert after.select(["id", "path"]).equals(before)
    assert [bool(tags) for tags in after["tags"].to_pylist()] == [True] * 2 + [False] * 10
    assert after["favourite"].to_pylist().index(1) == 2
    with Library.open(tmp_path / "clean") as clean:
        clean.add([sounds], toy_encoder(seed=1))
        theirs = clean.vectors[clean.rows(["slot"], order="path")["slot"].to_numpy()]
    ours = library.vectors[after["slot"].to_numpy()]
    np.testing.assert_allclose(np.float32(ours), np.float32(theirs), atol=0.02)


def test_hearing_again_that_was_stopped_goes_on(library, sounds, encoder, monkeypatch):
    library.add([sounds], encoder)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keeping.Keeper, "write", stop)
        with pytest.raises(KeyboardInterrupt):
            library.add([sounds], toy_encoder(seed=1), again=True)
    assert library.n_sounds == 0  # nothing shows that the new encoder has not heard
    assert library.add([sounds], toy_encoder(seed=1)).changed == 12
    assert library.n_sounds == 12
