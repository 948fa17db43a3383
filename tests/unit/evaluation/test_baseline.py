import numpy as np
import pytest
import soundfile

from timbrespace.errors import AudioError
from timbrespace.evaluation.baseline import mfcc_vectors
from timbrespace.evaluation.vectors import standardise
from timbrespace.evaluation.verification import verify
from timbrespace.manifest import manifest_from_rows


def write_tone(path, pitch_hz, gain):
    time_s = np.arange(8_000) / 16_000
    partials = [np.sin(2 * np.pi * pitch_hz * k * time_s) / k for k in (1, 2, 3)]
    soundfile.write(path, gain * sum(partials), 16_000, subtype="FLOAT")


@pytest.fixture
def sounds(tmp_path):
    rows = []
    for place, pitch_hz in enumerate((200, 300, 400)):
        path = tmp_path / f"{place}.wav"
        write_tone(path, pitch_hz, gain=0.1 + 0.1 * place)
        rows.append({"id": path.stem, "path": str(path)})
    return manifest_from_rows(rows)


def test_one_vector_for_each_sound_in_order(sounds):
    vectors = np.stack(list(mfcc_vectors(sounds)))
    last = np.stack(list(mfcc_vectors(sounds.slice(2))))
    assert vectors.shape == (3, 40)
    np.testing.assert_array_equal(vectors[2:], last)


def test_loudness_of_the_recording_is_not_heard(tmp_path, sounds):
    write_tone(tmp_path / "loud.wav", 200, gain=0.4)
    loud = manifest_from_rows([{"id": "loud", "path": str(tmp_path / "loud.wav")}])
    np.testing.assert_allclose(next(mfcc_vectors(loud)), next(mfcc_vectors(sounds)), atol=1e-3)


def test_a_sound_that_cannot_be_read_is_named(sounds, tmp_path):
    (tmp_path / "1.wav").unlink()
    with pytest.raises(AudioError, match=r"1\.wav"):
        list(mfcc_vectors(sounds))


def test_the_baseline_tells_real_instruments_apart(test_data):
    """A third of a second suffices to be far from chance; full notes are in the documentation."""
    files = [
        path
        for name in ("banjo", "cello", "flute", "trombone")
        for path in sorted((test_data / "philharmonia" / name).glob("*.mp3"))[::10]
    ]
    sounds = manifest_from_rows(
        [
            {"id": f.stem, "path": str(f), "duration_s": 0.4, "instrument": f.parent.name}
            for f in files
        ]
    )
    vectors = standardise(np.stack(list(mfcc_vectors(sounds))))
    assert verify(vectors, sounds["instrument"].to_pylist(), enrolment_notes=2).eer < 0.4
