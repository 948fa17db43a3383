import dataclasses

import numpy as np
import pytest

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.identification import judge_on, lesson_of, teach
from timbrespace.identification.anchors import MOST_ANCHORS, anchors_of


def test_what_was_taught_is_told_and_the_strange_is_strange(clouds):
    taught = teach(lesson_of(clouds(spread=0.1), label="family")[0])
    new = vectors_of(clouds(n_classes=4, spread=0.1, seed=1))
    new = new / np.linalg.norm(new, axis=1, keepdims=True)
    said = taught.classifier.probabilities(new[:60]).argmax(axis=1)
    np.testing.assert_array_equal(said, np.repeat([0, 1, 2], 20))
    known = taught.classifier.similarity(new) >= taught.classifier.least_similarity
    assert known[:60].mean() > 0.9
    assert not known[60:].any()  # the fourth family was never heard


def test_probabilities_hold_on_new_sounds(clouds):
    """Clouds that overlap, over-confident if trusted where they were learnt."""
    taught = teach(lesson_of(clouds(n_groups=30, spread=0.8), label="family")[0])
    new = clouds(n_groups=100, spread=0.8, seed=1)
    vectors = vectors_of(new)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    probabilities = taught.classifier.probabilities(vectors)
    right = probabilities.argmax(axis=1) == np.repeat([0, 1, 2], 500)
    assert 0.5 < right.mean() < 0.95
    assert abs(probabilities.max(axis=1).mean() - right.mean()) < 0.04  # 450 sounds calibrated it
    assert abs(taught.judgement.accuracy - right.mean()) < 0.06


def test_other_sounds_judge_by_the_classes_they_share(clouds):
    classifier = teach(lesson_of(clouds(spread=0.1), label="family")[0]).classifier
    judgement = judge_on(classifier, clouds(n_classes=4, n_groups=2, spread=0.1, seed=1))
    assert (judgement.n_sounds, judgement.n_groups, judgement.n_folds) == (30, 6, 0)
    assert judgement.accuracy == judgement.top5_accuracy == 1
    with pytest.raises(InputError, match="no sound to test on"):
        judge_on(classifier, clouds(n_classes=4).slice(60))


def test_order_and_seed_decide_nothing_big(clouds):
    table = clouds()
    first = teach(lesson_of(table, label="family")[0]).classifier
    again = teach(lesson_of(table, label="family")[0]).classifier
    np.testing.assert_array_equal(first.weight, again.weight)
    assert first.encoder_name == "toy"
    assert first.judgement["sounds"] == 60


def test_embeddings_without_an_encoder_are_refused(clouds):
    lesson, _ = lesson_of(clouds(), label="family")
    nameless = dataclasses.replace(lesson, rows=lesson.rows.replace_schema_metadata({}))
    with pytest.raises(InputError, match="do not say which encoder made them"):
        teach(nameless)


def test_few_sounds_are_their_own_anchors_and_many_have_centres(rng):
    vectors = rng.standard_normal((600, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(anchors_of(vectors[:50]), vectors[:50], atol=1e-3)  # 16 bits
    centres = anchors_of(vectors)
    assert centres.shape == (MOST_ANCHORS, 4)
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-6)
    assert (vectors @ centres.T).max(axis=1).min() > 0.8
