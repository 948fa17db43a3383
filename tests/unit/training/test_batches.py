import numpy as np
import pytest
import torch

from timbrespace.errors import ConfigError
from timbrespace.training.batches import Batches, Sampling
from timbrespace.training.store import pack


@pytest.fixture(scope="module")
def store(tone_manifest, tmp_path_factory):
    return pack(tone_manifest, tmp_path_factory.mktemp("notes"), sample_rate_hz=16_000)


def make(store, **settings):
    classes = np.arange(len(store)) // 12
    options = {"batch_size": 8, "min_s": 0.3, "max_s": 1.0} | settings
    targets = {"instrument": classes, "family": classes % 3}
    return Batches(store, targets, sampling=Sampling(**options), seed=10)


def same(one, other):
    return torch.equal(one.waveform, other.waveform) and all(
        torch.equal(one.targets[task], other.targets[task]) for task in other.targets
    )


def test_a_batch_depends_on_seed_and_step_only(store):
    batches = make(store)
    later = batches.batch(7)
    assert same(make(store).batch(7), later)
    assert not same(batches.batch(8), later)


def test_every_note_starts_one_example_in_each_epoch(store):
    batches = make(store)
    assert batches.steps_per_epoch == 9
    for epoch in (0, 1):
        steps = range(epoch * 9, (epoch + 1) * 9)
        counts = torch.bincount(
            torch.cat([batches.batch(step).targets["instrument"] for step in steps])
        )
        assert counts.tolist() == [12] * 6


def test_examples_of_a_batch_have_one_length_within_the_range(store):
    lengths = {make(store).batch(step).waveform.shape[1] for step in range(20)}
    assert len(lengths) > 10
    assert all(0.3 * 16_000 - 1 <= length <= 16_000 + 1 for length in lengths)


def test_a_single_note_is_padded_or_repeated(store):
    note = torch.from_numpy(np.array(store.note(0))).float() / 32768
    padded = make(store, concatenation=0, min_s=1, max_s=1)
    repeated = make(store, concatenation=0, min_s=1, max_s=1, short_notes="repeat")
    order = np.random.default_rng([10, 0, 0]).permutation(len(store))
    step, row = divmod(int(np.flatnonzero(order == 0)[0]), 8)
    once = padded.batch(step).waveform[row]
    torch.testing.assert_close(once[: len(note)], note, rtol=0, atol=0)
    assert not once[len(note) :].any()
    again = repeated.batch(step).waveform[row]
    torch.testing.assert_close(again[: len(note)], note, rtol=0, atol=0)
    torch.testing.assert_close(again[len(note) : 2 * len(note)], again[: len(again) - len(note)])


def test_concatenation_stays_within_the_instrument(store):
    """Give each instrument its own constant as a note: no example may mix two."""

    class Constant:
        sample_rate_hz = 16_000

        def __len__(self):
            return 72

        def note(self, index):
            return np.full(2_000, 100 * (index // 12 + 1), np.int16)

    batches = make(Constant(), concatenation=1.0)
    for step in range(9):
        batch = batches.batch(step)
        expected = (100 * (batch.targets["instrument"] + 1))[:, None].float() / 32768
        assert torch.equal(batch.waveform, expected.expand_as(batch.waveform))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 1}, "batch_size"),
        ({"min_s": 2.0, "max_s": 1.0}, "min_s"),
        ({"min_s": 0.01}, "min_s"),
        ({"concatenation": 1.5}, "concatenation"),
        ({"pieces": -0.5}, "pieces"),
        ({"speeds": ()}, "speeds"),
        ({"speeds": (1.0, 5.0)}, "speeds"),
        ({"batch_size": 100}, "there are 72 notes"),
    ],
)
def test_settings_out_of_range_are_refused(store, settings, message):
    with pytest.raises(ConfigError, match=message):
        make(store, **settings)


def test_a_random_start_leaves_the_example_full(store):
    anywhere = make(store, concatenation=0, min_s=0.2, max_s=0.2, start="random")
    at_start = make(store, concatenation=0, min_s=0.2, max_s=0.2)
    assert not same(anywhere.batch(0), at_start.batch(0))
    assert bool(anywhere.batch(0).waveform.abs().amax(1).gt(0.01).all())


def test_each_speed_makes_instruments_of_its_own_at_its_pitch(store):
    plain = make(store, concatenation=0, min_s=0.4, max_s=0.4, short_notes="repeat")
    batches = make(
        store, concatenation=0, min_s=0.4, max_s=0.4, short_notes="repeat", speeds=(1.0, 0.5)
    )
    seen = set()
    for step in range(9):
        batch, as_is = batches.batch(step), plain.batch(step)
        slow = batch.targets["instrument"] // 6
        seen |= set(slow.tolist())
        assert torch.equal(batch.targets["instrument"] % 6, as_is.targets["instrument"])
        assert torch.equal(batch.targets["family"], as_is.targets["family"])
        expected = as_is.waveform[slow == 0]
        torch.testing.assert_close(batch.waveform[slow == 0, :-4], expected[:, 1:-3])
        halved = batch.waveform[slow == 1][:, : 2 * 3_000 : 2]  # reads from the second sample on
        torch.testing.assert_close(halved, as_is.waveform[slow == 1][:, 1:3_001])
    assert seen == {0, 1}
