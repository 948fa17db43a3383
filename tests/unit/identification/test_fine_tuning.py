import io

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from timbrespace.embeddings import vectors_of
from timbrespace.errors import InputError
from timbrespace.identification import Identifier, lesson_of
from timbrespace.identification.fine_tuning import FineTuning, teach_fine_tuned
from timbrespace.models import encoder_hash


@pytest.fixture
def progress():
    return Progress(console=Console(file=io.StringIO()))


def test_the_encoder_is_changed_and_its_classifier_goes_with_it(
    tone_lesson, encoder, progress, tone_manifest
):
    before = encoder_hash(encoder)
    tuned, taught = teach_fine_tuned(
        tone_lesson, encoder, FineTuning(steps=2, batch_size=4), progress=progress
    )
    assert encoder_hash(encoder) == before != encoder_hash(tuned)
    assert taught.classifier.encoder_hash == encoder_hash(tuned)
    assert (taught.judgement.n_folds, taught.judgement.n_sounds) == (3, 72)
    assert not tuned.training
    Identifier(tuned, [taught.classifier]).identify(tone_manifest["path"][0].as_py())


def test_batch_statistics_are_kept(tone_lesson, encoder, progress):
    tuned, _ = teach_fine_tuned(
        tone_lesson, encoder, FineTuning(steps=1, batch_size=4), progress=progress
    )
    np.testing.assert_array_equal(
        tuned.normalisation.running_mean, encoder.normalisation.running_mean
    )


def test_embeddings_of_another_encoder_are_refused(tone_lesson, encoder, progress, clouds):
    lesson, _ = lesson_of(clouds(), label="family")
    assert vectors_of(lesson.rows).shape[1] == encoder.embedding_size
    with pytest.raises(InputError, match="not of the encoder 'unnamed'"):
        teach_fine_tuned(lesson, encoder, FineTuning(), progress=progress)
