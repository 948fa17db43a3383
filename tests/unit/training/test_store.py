import numpy as np
import pyarrow as pa
import pytest

from timbrespace.audio import read_note
from timbrespace.errors import InputError
from timbrespace.manifest import manifest_from_rows
from timbrespace.training import store as store_module
from timbrespace.training.store import pack

RATE = 16_000


def test_packed_notes_are_the_notes(tone_manifest, tmp_path):
    store = pack(tone_manifest, tmp_path, sample_rate_hz=RATE)
    assert len(store) == tone_manifest.num_rows
    for index in (0, 17, len(store) - 1):
        path = tone_manifest["path"][int(store.rows[index])].as_py()
        note = read_note(path, sample_rate_hz=RATE)
        np.testing.assert_allclose(store.note(index) / 32767, note, atol=1 / 32767)  # 16-bit steps


def test_bad_rows_are_left_out_and_named(tone_manifest, tmp_path):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"")
    rows = [{"id": "bad", "path": str(bad)}, *tone_manifest.slice(0, 3).to_pylist()]
    store = pack(manifest_from_rows(rows), tmp_path / "notes", sample_rate_hz=RATE)
    assert store.rows.tolist() == [1, 2, 3]
    assert len(store.problems) == 1
    assert "bad.wav" in store.problems[0]


def test_a_shard_without_any_good_note_is_read(tone_manifest, tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "_SHARD_ROWS", 1)
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"")
    rows = [{"id": "bad", "path": str(bad)}, *tone_manifest.slice(0, 2).to_pylist()]
    store = pack(manifest_from_rows(rows), tmp_path / "notes", sample_rate_hz=RATE)
    assert store.rows.tolist() == [1, 2]
    assert len(store.note(0)) > 1000


def test_packing_goes_on_after_a_stop(tone_manifest, tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "_SHARD_ROWS", 10)

    class StopError(Exception):
        pass

    def stop(done):
        if done >= 30:
            raise StopError

    with pytest.raises(StopError):
        pack(tone_manifest, tmp_path / "a", sample_rate_hz=RATE, on_progress=stop)
    (tmp_path / "a" / "00003.partial.npy").write_bytes(b"half a shard")
    steps = []
    resumed = pack(tone_manifest, tmp_path / "a", sample_rate_hz=RATE, on_progress=steps.append)
    whole = pack(tone_manifest, tmp_path / "b", sample_rate_hz=RATE)
    assert steps[0] == 40
    assert all(
        np.array_equal(resumed.note(index), whole.note(index)) for index in range(len(whole))
    )


def test_another_manifest_may_not_share_the_folder(tone_manifest, tmp_path):
    pack(tone_manifest, tmp_path, sample_rate_hz=RATE)
    with pytest.raises(InputError, match="packed sounds of another manifest"):
        pack(tone_manifest.slice(1), tmp_path, sample_rate_hz=RATE)
    with pytest.raises(InputError, match="packed sounds of another manifest"):
        pack(tone_manifest, tmp_path, sample_rate_hz=8_000)


def test_nothing_readable_is_an_error(tmp_path):
    rows = manifest_from_rows([{"id": "a", "path": str(tmp_path / "none.wav")}])
    with pytest.raises(
        InputError, match=r"no sound of the manifest could be read, 1 are bad.*none\.wav"
    ):
        pack(rows, tmp_path / "notes", sample_rate_hz=RATE)
    empty = manifest_from_rows([])
    assert isinstance(empty, pa.Table)
    with pytest.raises(InputError, match="has no sound"):
        pack(empty, tmp_path / "empty", sample_rate_hz=RATE)
