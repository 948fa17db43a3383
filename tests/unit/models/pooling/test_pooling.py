import pytest
import torch

from timbrespace.models import LDE, AttentiveStatistics, Statistics

POOLINGS = [
    Statistics(n_features=6),
    AttentiveStatistics(n_features=6, n_hidden=4),
    LDE(n_features=6, n_centres=3),
    LDE(n_features=6, n_centres=3, moments="mean+std"),
]


def naive_lde(frames, centres, scale, moments):
    """The definition, with the tensor of (batch, frames, centres, features) that ours avoids."""
    offsets = frames[:, :, None] - centres
    shares = (-scale.square() * offsets.square().sum(3)).softmax(2)
    weights = (shares / (shares.sum(1, keepdim=True) + 1e-9))[..., None]
    mean = (weights * offsets).sum(1)
    if moments == "mean":
        return mean.flatten(1)
    return torch.cat([mean, (weights * offsets.square()).sum(1).sqrt()], 2).flatten(1)


@pytest.mark.parametrize("pooling", POOLINGS)
@torch.no_grad()
def test_gives_as_many_values_as_it_says(pooling):
    assert pooling(torch.randn(2, 9, 6)).shape == (2, pooling.out_features)


@pytest.mark.parametrize("pooling", POOLINGS)
@torch.no_grad()
def test_the_order_of_frames_does_not_matter(pooling):
    frames = torch.randn(2, 9, 6)
    torch.testing.assert_close(pooling(frames.flip(1)), pooling(frames))


@pytest.mark.parametrize("pooling", POOLINGS)
@torch.no_grad()
def test_frames_past_the_count_have_no_part(pooling):
    frames = torch.randn(1, 9, 6)
    frames[:, 4:] = 1e3
    together = pooling(frames, torch.tensor([4]))
    torch.testing.assert_close(together, pooling(frames[:, :4]))


@pytest.mark.parametrize("pooling", POOLINGS)
def test_one_frame_and_equal_frames_have_finite_gradients(pooling):
    for frames in (torch.randn(2, 1, 6), torch.ones(2, 5, 6)):
        frames.requires_grad_()
        pooling(frames).square().sum().backward()
        assert frames.grad.isfinite().all()


@torch.no_grad()
def test_statistics_are_mean_and_deviation():
    frames = torch.randn(3, 50, 6)
    expected = torch.cat([frames.mean(1), frames.std(1, correction=0)], 1)
    torch.testing.assert_close(Statistics(n_features=6)(frames), expected)


@torch.no_grad()
def test_attention_follows_the_score():
    """A score that favours the first feature pools the frame that has most of it."""
    pooling = AttentiveStatistics(n_features=6, n_hidden=1)
    pooling.hidden.weight.copy_(torch.eye(1, 6))
    pooling.hidden.bias.zero_()
    pooling.score.weight.fill_(100.0)
    frames = torch.zeros(1, 4, 6)
    frames[0, 2] = torch.arange(6.0) + 1
    torch.testing.assert_close(pooling(frames)[0, :6], frames[0, 2])


@pytest.mark.parametrize("moments", ["mean", "mean+std"])
def test_lde_and_its_gradients_are_those_of_the_definition(moments):
    pooling = LDE(n_features=6, n_centres=5, moments=moments).double()
    with torch.no_grad():
        pooling.scale.uniform_(0.3, 1.2)
    frames = torch.randn(3, 20, 6, dtype=torch.float64, requires_grad=True)
    inputs = (frames, pooling.centres, pooling.scale)
    ours, naive = pooling(frames), naive_lde(*inputs, moments)
    torch.testing.assert_close(ours, naive)
    weight = torch.randn_like(ours)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weight).sum(), inputs),
        torch.autograd.grad((naive * weight).sum(), inputs),
    )


@torch.no_grad()
def test_lde_of_a_centre_far_from_every_frame_is_finite():
    """Its shares underflow; the definition without a small constant divides 0 by 0."""
    pooling = LDE(n_features=6, n_centres=2, moments="mean+std")
    pooling.centres[0] = 1e4
    assert pooling(torch.randn(1, 9, 6)).isfinite().all()
