import numpy as np
import pytest
from rich.progress import Progress

from timbrespace.corpora import IRMAS_CLASSES
from timbrespace.errors import ConfigError, InputError
from timbrespace.manifest import manifest_from_rows
from timbrespace.tagging.batches import ClipBatches
from timbrespace.tagging.excerpts import open_excerpts, tag_classes, tag_truth


def rows_of(*labels, masks=None):
    masks = masks or [None] * len(labels)
    return manifest_from_rows(
        {"id": str(k), "path": f"{k}.wav", "labels": names, "label_mask": mask}
        for k, (names, mask) in enumerate(zip(labels, masks, strict=True))
    )


def test_classes_are_those_of_irmas_or_what_there_is():
    assert tag_classes(rows_of(["organ"], ["cello", "organ"])) == IRMAS_CLASSES
    assert tag_classes(rows_of(["organ"], ["harp"])) == ("harp", "organ")
    with pytest.raises(InputError, match="no row of the manifest has labels"):
        tag_classes(rows_of(None, []))


def test_truth_and_what_is_known_of_it():
    rows = rows_of(["b"], [], ["a", "b"], masks=[[True, False], None, None])
    truth, known = tag_truth(rows, ("a", "b"))
    assert truth.tolist() == [[False, True], [False, False], [True, True]]
    assert known.tolist() == [[True, False], [True, True], [True, True]]


def test_labels_and_masks_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="are not all of"):
        tag_truth(rows_of(["c"]), ("a", "b"))
    with pytest.raises(InputError, match="label_mask has 1 entries for 2 classes"):
        tag_truth(rows_of(["a"], masks=[[True]]), ("a", "b"))


def test_excerpts_keep_their_silence_and_length(excerpts, mixes):
    import soundfile

    for number in (0, 17):
        frames = soundfile.info(mixes["path"][number].as_py()).frames
        assert len(excerpts.store.note(number)) == frames


def test_what_was_packed_before_is_shown_as_done(mixes, tmp_path):
    for _ in range(2):
        with Progress(disable=True) as progress:
            open_excerpts(mixes, tmp_path / "packed", sample_rate_hz=16_000, progress=progress)
        (task,) = progress.tasks
        assert task.completed == task.total == mixes.num_rows


def test_a_batch_depends_on_its_number_only(excerpts):
    options = {"clip_s": 0.5, "batch_size": 8, "seed": 3}
    train = excerpts.of_split("train")
    one, other = (ClipBatches(excerpts, train, **options) for _ in range(2))
    one.batch(0)
    assert np.array_equal(one.batch(7).waveform, other.batch(7).waveform)
    assert one.batch(7).waveform.shape == (8, 8_000)
    assert not np.array_equal(one.batch(7).waveform, one.batch(8).waveform)


def test_an_epoch_hears_every_excerpt_once(excerpts):
    train = excerpts.of_split("train")
    batches = ClipBatches(excerpts, train, clip_s=0.5, batch_size=12, seed=3)
    assert batches.steps_per_epoch == 3
    truth = np.concatenate([batches.batch(step).truth for step in range(3)])
    assert np.array_equal(truth.sum(0), excerpts.truth[train].sum(0))


def test_a_short_excerpt_is_repeated(excerpts):
    clip = ClipBatches(excerpts, np.arange(2), clip_s=5.0, batch_size=2, seed=0).batch(0).waveform
    assert clip.shape == (2, 80_000)
    assert clip[:, -1_000:].abs().max() > 0.1


def test_one_excerpt_is_not_enough(excerpts):
    with pytest.raises(ConfigError, match="2 labelled excerpts"):
        ClipBatches(excerpts, np.arange(1), clip_s=1.0, batch_size=2, seed=0)
