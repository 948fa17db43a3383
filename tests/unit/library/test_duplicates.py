import shutil

import numpy as np
import pytest
import soundfile

from timbrespace.errors import ConfigError
from timbrespace.library.duplicates import find_duplicates


def found_names(library, **settings):
    names = {
        row["id"]: row["path"].rsplit("/", 1)[1] for row in library.rows(["id", "path"]).to_pylist()
    }
    return [
        (group.kind, [names[number] for number in group.ids])
        for group in library.duplicates(**settings)
    ]


@pytest.fixture
def originals(library, encoder, tmp_path, rng):
    """Three bursts of noise of unlike colours, decays and lengths."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    for number, (decay, seconds) in enumerate([(4, 0.5), (20, 0.8), (1, 1.2)]):
        time_s = np.arange(round(seconds * 16_000)) / 16_000
        noise = rng.standard_normal(time_s.size) * np.exp(-decay * time_s)
        smooth = np.convolve(noise, np.ones(1 + 4 * number), "same")
        soundfile.write(folder / f"{number}.wav", 0.5 * smooth / np.abs(smooth).max(), 16_000)
    library.add([folder], encoder)
    return folder


def test_different_sounds_are_no_duplicates(library, originals):
    assert found_names(library, least_cosine=0.999) == []


def test_each_kind_is_told(library, originals, encoder):
    shutil.copy(originals / "0.wav", originals / "0 copy.wav")
    waveform, rate = soundfile.read(originals / "1.wav", dtype="int16")
    soundfile.write(originals / "1 other.flac", waveform, rate)
    waveform, rate = soundfile.read(originals / "2.wav")
    soundfile.write(originals / "2 quiet.wav", 0.5 * waveform, rate)
    library.add([], encoder)
    assert found_names(library, least_cosine=0.999) == [
        ("file", ["0.wav", "0 copy.wav"]),
        ("samples", ["1.wav", "1 other.flac"]),
        ("near", ["2.wav", "2 quiet.wav"]),
    ]


def test_another_length_or_envelope_is_another_sound(tmp_path, clustered, drawn_library, rng):
    vector = np.repeat(clustered(rng, 1), 4, axis=0)
    even, rising = bytes([200] * 64), bytes(range(64))
    catalogue, vectors = drawn_library(
        tmp_path,
        vector,
        duration_s=[1.0, 1.02, 2.0, 1.01],
        envelope=[even, even, even, rising],
    )
    (group,) = find_duplicates(catalogue, vectors)
    assert (group.kind, group.ids) == ("near", (1, 2))


def test_blocks_find_what_all_pairs_would(tmp_path, clustered, drawn_library, rng, monkeypatch):
    vectors = clustered(rng, 300)
    vectors[[200, 250]] = vectors[[10, 20]]
    durations = rng.uniform(0.5, 3, 300)
    durations[[200, 250]] = durations[[10, 20]] * [1.03, 0.97]
    drawn = drawn_library(
        tmp_path, vectors, duration_s=durations.tolist(), envelope=[bytes(64)] * 300
    )
    monkeypatch.setattr("timbrespace.library.duplicates._BLOCK_SOUNDS", 3)
    groups = find_duplicates(*drawn, least_cosine=0.999)
    assert [group.ids for group in groups] == [(11, 201), (21, 251)]


def test_a_likeness_that_cannot_be_is_refused(library, originals):
    with pytest.raises(ConfigError, match="least_cosine"):
        library.duplicates(least_cosine=0)
