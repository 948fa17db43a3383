import copy

import numpy as np
import pytest
import soundfile

from timbrespace.errors import AudioError, InputError
from timbrespace.identification import (
    Identifier,
    encoder_folder,
    identify,
    load_identifier,
    save_classifier,
    teach,
)
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import save_encoder


@pytest.fixture(scope="module")
def classifier(tone_lesson):
    return teach(tone_lesson).classifier


@pytest.fixture
def identifier(encoder, classifier):
    return Identifier(encoder, [classifier, classifier])


def sound(path, seconds, rng=None):
    time_s = np.arange(round(seconds * 16_000)) / 16_000
    tone = 0.5 * np.sin(2 * np.pi * 330 * time_s)
    soundfile.write(path, tone if rng is None else rng.uniform(-0.5, 0.5, len(tone)), 16_000)
    return path


def test_answers_are_ranked_and_add_up(identifier, tone_manifest):
    path = tone_manifest["path"][0].as_py()
    found = identifier.identify(path)
    assert (found.path, len(found.answers)) == (path, 2)
    answer = found.answers[0]
    assert sorted(answer.classes) == ["brass", "reed", "string"]
    assert list(answer.probabilities) == sorted(answer.probabilities, reverse=True)
    assert sum(answer.probabilities) == pytest.approx(1)
    assert answer.is_known  # it was taught this very sound
    record = found.as_record(top=2)
    assert list(record["answers"][0]["probabilities"]) == list(answer.classes[:2])


def test_bad_sounds_do_not_stop_the_others(identifier, tmp_path, tone_manifest):
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    soundfile.write(tmp_path / "silent.wav", np.zeros(1_000), 16_000)
    (tmp_path / "text.wav").write_text("not audio at all")
    paths = [str(tmp_path / name) for name in ("broken.wav", "silent.wav", "text.wav", "gone.wav")]
    rows = [{"id": path, "path": path} for path in paths[:2] + tone_manifest["path"].to_pylist()]
    rows += [{"id": path, "path": path} for path in paths[2:]]
    found = list(identifier.identify_all(manifest_from_rows(rows)))
    faults = [str(entry) for entry in found if isinstance(entry, AudioError)]
    assert [fault.split(": ")[0] for fault in faults] == paths
    assert len(found) == len(rows)
    with pytest.raises(AudioError, match="is silent"):
        identifier.identify(paths[1])


def test_short_sounds_and_noise_are_answered(identifier, tmp_path, rng):
    short = identifier.identify(sound(tmp_path / "short.wav", 0.02))
    assert not short.is_long_enough
    assert identifier.identify(sound(tmp_path / "longer.wav", 0.2)).is_long_enough
    noise = identifier.identify(sound(tmp_path / "noise.wav", 1, rng))
    assert np.isfinite(noise.answers[0].probabilities).all()


def test_a_sound_like_none_that_was_taught_is_not_known(identifier, tone_manifest):
    answer = identifier.identify(tone_manifest["path"][0].as_py()).answers[0]
    below = type(answer)(**vars(answer) | {"least_similarity": answer.similarity + 0.01})
    assert (answer.is_known, below.is_known) == (True, False)


def test_another_encoder_is_refused(encoder, classifier):
    other = copy.deepcopy(encoder)
    other.embedding.bias.data += 1
    with pytest.raises(InputError, match="taught with the encoder"):
        Identifier(other, [classifier])


def test_the_encoder_beside_a_classifier_is_taken(encoder, classifier, tmp_path, tone_manifest):
    path = tmp_path / "mine.safetensors"
    save_classifier(classifier, path)
    save_encoder(encoder, encoder_folder(path), name="tuned")
    found = identify(tone_manifest["path"][0].as_py(), model=path)
    assert found.answers[0].label == "family"
    elsewhere = tmp_path / "elsewhere"
    encoder_folder(path).rename(elsewhere)
    load_identifier(path, elsewhere)
