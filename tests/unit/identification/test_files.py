import json
import struct

import numpy as np
import pytest

from timbrespace.errors import InputError
from timbrespace.identification import lesson_of, load_classifier, save_classifier, teach


@pytest.fixture
def classifier(clouds):
    return teach(lesson_of(clouds(), label="family")[0]).classifier


@pytest.fixture
def path(classifier, tmp_path):
    save_classifier(classifier, tmp_path / "new" / "mine.safetensors")
    return tmp_path / "new" / "mine.safetensors"


def test_what_is_read_is_what_was_written(classifier, path, rng):
    read = load_classifier(path)
    vectors = rng.standard_normal((9, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_array_equal(read.probabilities(vectors), classifier.probabilities(vectors))
    # anchors have 16 bits
    np.testing.assert_allclose(read.similarity(vectors), classifier.similarity(vectors), atol=1e-3)
    for name in ("label", "classes", "least_similarity", "encoder_hash", "encoder_name"):
        assert getattr(read, name) == getattr(classifier, name)
    assert read.judgement == classifier.judgement
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def rewritten(path, *, header=None, settings=None, drop=()):
    """The file with other words in its header; the tensors' bytes stay."""
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    words = json.loads(content[8 : 8 + size])
    words = {key: value for key, value in words.items() if key not in drop}
    inner = json.loads(words["__metadata__"]["timbrespace"]) | (settings or {})
    words["__metadata__"]["timbrespace"] = json.dumps(inner)
    for name, changes in (header or {}).items():
        words[name] = words[name] | changes
    new = json.dumps(words).encode()
    path.write_bytes(struct.pack("<Q", len(new)) + new + content[8 + size :])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"format": "timbrespace-classifier/9"}, "does not say 'timbrespace-classifier/1'"),
        ({"extra": 1}, "its settings must be"),
        ({"classes": ["brass", "flute"]}, "shapes must be"),
        ({"classes": ["brass", "flute", "flute"]}, "a class stands twice"),
        ({"classes": ["brass", "flute", 3]}, "names must be text"),
        ({"classes": ["brass", "flute", "r" * 201]}, "at most 200 letters"),
        ({"classes": "brass"}, "two names or more"),
        ({"encoder_hash": None}, "names must be text"),
        ({"least_similarity": float("nan")}, "must be numbers"),
        ({"least_similarity": 10**400}, "must be numbers"),
        ({"judgement": {"accuracy": "high"}}, "must be numbers"),
        ({"judgement": 0.9}, "judgement must be numbers by name"),
    ],
)
def test_settings_that_lie_are_refused(path, settings, message):
    rewritten(path, settings=settings)
    with pytest.raises(InputError, match=message):
        load_classifier(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"weight": {"shape": [8, 3]}}, "shapes must be"),
        ({"weight": {"shape": [24]}}, "shapes must be"),
        ({"bias": {"dtype": "I32"}}, "bias must be F32"),
        ({"weight": {"shape": [2**40, 2**20]}}, "not a classifier that can be used"),
        ({"weight": {"data_offsets": [0, 2**50]}}, "not a classifier that can be used"),
    ],
)
def test_headers_that_lie_are_refused(path, header, message):
    rewritten(path, header=header)
    with pytest.raises(InputError, match=message):
        load_classifier(path)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("weight", np.nan, "weight is NaN or infinite"),
        ("bias", np.inf, "bias is NaN or infinite"),
        ("anchors", 0.0, "anchors must have unit length"),
    ],
)
def test_numbers_that_cannot_be_are_refused(classifier, path, name, value, message):
    getattr(classifier, name)[0] = value
    with pytest.raises(InputError, match=message):
        save_classifier(classifier, path)
    load_classifier(path)  # what stood there is left as it was


def test_files_that_are_no_classifier_are_refused(path, tmp_path):
    whole = path.read_bytes()
    for content in (b"", whole[:5], whole[:-1], b"\xff" * 64, b"\x80\x04}." + whole):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"mine.safetensors: not a classifier"):
            load_classifier(path)
    with pytest.raises(InputError, match="no such file"):
        load_classifier(tmp_path / "absent.safetensors")
    with path.open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(InputError, match="larger than 64 MiB"):
        load_classifier(path)


def test_other_tensors_are_refused(path):
    rewritten(path, drop=["bias"])
    with pytest.raises(InputError, match="not a classifier"):
        load_classifier(path)


def test_the_name_says_what_it_is(classifier, tmp_path):
    with pytest.raises(InputError, match=r"must end in .safetensors"):
        save_classifier(classifier, tmp_path / "mine.pt")
