import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import soundfile
import torch

from timbrespace.embedding import embed_manifest, embed_waveforms, table
from timbrespace.embeddings import encoder_of, read_embeddings, vectors_of
from timbrespace.errors import ConfigError, InputError
from timbrespace.locks import exclusive
from timbrespace.manifest import manifest_from_rows, write_manifest
from timbrespace.models import (
    Encoder,
    LogMel,
    ResNet,
    Statistics,
    encoder_hash,
    load_encoder,
    save_encoder,
)


def small_encoder(seed=0):
    torch.manual_seed(seed)
    encoder = Encoder(
        LogMel(n_bands=16),
        ResNet(blocks=[1], channels=[16], stem_stride=2),
        Statistics(n_features=16),
        embedding_size=8,
    )
    return encoder.eval()


@pytest.fixture(scope="module")
def encoder():
    return small_encoder()


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(table, "_PART_ROWS", 10)


class StopError(Exception):
    pass


def stop_at(count):
    def stop(done):
        if done >= count:
            raise StopError

    return stop


def test_every_row_gets_its_vector(tone_manifest, encoder, tmp_path):
    out = tmp_path / "e.parquet"
    embedded = embed_manifest(tone_manifest, encoder, out)
    assert (embedded.n_embedded, embedded.n_resumed, embedded.problems) == (72, 0, [])
    written = read_embeddings(out)
    assert written["id"].to_pylist() == tone_manifest["id"].to_pylist()
    assert encoder_of(written) == (encoder.name, encoder_hash(encoder))
    note = table.read_notes(tone_manifest.slice(33, 1), sample_rate_hz=16_000)
    ((_, [waveform]),) = note
    np.testing.assert_allclose(
        vectors_of(written)[33], embed_waveforms(encoder, [waveform])[0], atol=1e-5
    )  # masked in a batch, float32
    assert not list(tmp_path.glob("*.parts"))


@pytest.mark.usefixtures("small_parts")
def test_a_stop_loses_nothing_that_was_done(tone_manifest, encoder, tmp_path):
    out = tmp_path / "e.parquet"
    with pytest.raises(StopError):
        embed_manifest(tone_manifest, encoder, out, on_progress=stop_at(40))
    assert not out.exists()
    embedded = embed_manifest(tone_manifest, encoder, out)
    assert (embedded.n_embedded, embedded.n_resumed) == (72, 40)
    embed_manifest(tone_manifest, encoder, tmp_path / "whole.parquet")
    assert read_embeddings(out).equals(read_embeddings(tmp_path / "whole.parquet"))


@pytest.mark.usefixtures("small_parts")
def test_a_file_that_changed_since_is_embedded_again(encoder, rng, tmp_path):
    paths = [tmp_path / f"{number:02}.wav" for number in range(30)]
    for path in paths:
        soundfile.write(path, rng.uniform(-0.5, 0.5, 4_000), 16_000)
    manifest = manifest_from_rows([{"id": path.stem, "path": str(path)} for path in paths])
    out = tmp_path / "e.parquet"
    with pytest.raises(StopError):
        embed_manifest(manifest, encoder, out, on_progress=stop_at(20))
    soundfile.write(paths[0], rng.uniform(-0.5, 0.5, 5_000), 16_000)
    assert embed_manifest(manifest, encoder, out).n_resumed == 19
    embed_manifest(manifest, encoder, tmp_path / "whole.parquet")
    np.testing.assert_allclose(
        vectors_of(read_embeddings(out)),
        vectors_of(read_embeddings(tmp_path / "whole.parquet")),
        atol=1e-5,  # batched with other neighbours
    )


def test_bad_files_are_listed_and_the_rest_is_done(tone_manifest, encoder, tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    soundfile.write(tmp_path / "silent.wav", np.zeros(100), 16_000)
    names = ("empty", "silent", "missing")
    bad = [{"id": name, "path": str(tmp_path / f"{name}.wav")} for name in names]
    manifest = pa.concat_tables([manifest_from_rows(bad), tone_manifest])
    embedded = embed_manifest(manifest, encoder, tmp_path / "e.parquet")
    assert embedded.n_embedded == 72
    for name, problem in zip(names, embedded.problems, strict=True):
        assert f"{name}.wav: " in problem


@pytest.mark.parametrize("name", ["note.wav", "m.parquet", "folder.parquet"])
def test_nothing_but_embeddings_is_ever_replaced(tone_manifest, encoder, tmp_path, name):
    (tmp_path / "folder.parquet").mkdir()
    (tmp_path / "note.wav").write_bytes(b"precious")
    write_manifest(tone_manifest, tmp_path / "m.parquet")
    with pytest.raises(InputError, match=name):
        embed_manifest(tone_manifest, encoder, tmp_path / name)
    assert (tmp_path / "note.wav").read_bytes() == b"precious"
    assert not list(tmp_path.glob("*.parts"))


def test_embedding_again_replaces_and_leaves_nothing_behind(tone_manifest, encoder, tmp_path):
    for _ in range(2):
        embed_manifest(tone_manifest, encoder, tmp_path / "e.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["e.parquet"]


def test_threads_are_at_least_one(tone_manifest, encoder, tmp_path):
    with pytest.raises(ConfigError, match="threads must be at least 1, got 0"):
        embed_manifest(tone_manifest, encoder, tmp_path / "e.parquet", n_threads=0)


def test_only_bad_files_is_an_error_that_names_them(encoder, tmp_path):
    manifest = manifest_from_rows([{"id": "a", "path": str(tmp_path / "a.wav")}])
    with pytest.raises(InputError, match=r"no sound could be embedded, 1 are bad.*a\.wav"):
        embed_manifest(manifest, encoder, tmp_path / "e.parquet")


@pytest.mark.usefixtures("small_parts")
def test_parts_of_two_encoders_are_never_mixed(tone_manifest, encoder, tmp_path):
    out = tmp_path / "e.parquet"
    with pytest.raises(StopError):
        embed_manifest(tone_manifest, encoder, out, on_progress=stop_at(20))
    with pytest.raises(InputError, match="unfinished work of another encoder"):
        embed_manifest(tone_manifest, small_encoder(seed=1), out)


def test_two_at_once_are_refused(tone_manifest, encoder, tmp_path):
    with (
        exclusive(tmp_path / "e.parquet.parts" / ".lock", work="embedding"),
        pytest.raises(InputError, match="another process is embedding"),
    ):
        embed_manifest(tone_manifest, encoder, tmp_path / "e.parquet")


def test_a_process_that_is_killed_is_gone_on_from(tone_manifest, encoder, tmp_path):
    copies = [
        {**row, "id": f"{row['id']}-{copy}"}
        for copy in range(20)
        for row in tone_manifest.select(["id", "path"]).to_pylist()
    ]
    manifest = manifest_from_rows(copies)
    write_manifest(manifest, tmp_path / "m.parquet")
    save_encoder(encoder, tmp_path / "encoder", name="small")
    out = tmp_path / "e.parquet"
    command = [sys.executable, "-m", "timbrespace", "embed", str(tmp_path / "m.parquet")]
    command += ["--encoder", str(tmp_path / "encoder"), "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not list(tmp_path.glob("e.parquet.parts/00002.parquet")):
        assert process.poll() is None, "finished before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    embedded = embed_manifest(manifest, load_encoder(tmp_path / "encoder"), out)
    assert embedded.n_resumed >= 3 * 64
    assert embedded.n_embedded == len(copies)
    assert pq.read_table(out)["id"].to_pylist() == [row["id"] for row in copies]
