import pytest
import torch

from timbrespace.models.lengths import centred, is_within, reflect_ends


def test_each_item_is_mirrored_at_its_own_end(rng):
    waveform = torch.from_numpy(rng.standard_normal((3, 20)))
    counts = torch.tensor([20, 9, 6])
    together = reflect_ends(waveform, 5, counts)
    for item, count in enumerate(counts):
        alone = reflect_ends(waveform[item : item + 1, :count], 5)[0]
        torch.testing.assert_close(together[item, : count + 10], alone, rtol=0, atol=0)


@pytest.mark.parametrize("frame_samples", [6, 7])
def test_counts_are_those_of_each_item_alone(frame_samples):
    counts = torch.arange(1, 30)
    waveform = torch.ones(29, 29) * is_within(counts, 29)
    settings = {"frame_samples": frame_samples, "hop_samples": 3}
    _, n_frames = centred(waveform, counts, **settings)
    for item, count in enumerate(counts):
        alone, _ = centred(waveform[item : item + 1, :count], None, **settings)
        assert n_frames[item] == alone.unfold(1, frame_samples, 3).shape[1]


def test_a_waveform_shorter_than_half_a_frame_goes_on_in_silence():
    padded, _ = centred(torch.tensor([[2.0]]), None, frame_samples=5, hop_samples=1)
    assert padded.tolist() == [[0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 2.0]]
