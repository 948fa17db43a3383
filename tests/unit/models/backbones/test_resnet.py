import pytest
import torch
from torch import nn

from timbrespace.errors import InputError
from timbrespace.models import ResNet


def small(**settings):
    torch.manual_seed(0)
    return ResNet(blocks=[1, 1], channels=[16, 24], **settings)


@pytest.mark.parametrize(("stem_stride", "frames"), [(1, 11), (2, 6), (3, 4)])
def test_time_shrinks_by_the_strides(stem_stride, frames):
    features, n_frames = small(stem_stride=stem_stride)(
        torch.zeros(2, 21, 20), torch.tensor([21, 1])
    )
    assert features.shape == (2, frames, 24)
    assert n_frames.tolist() == [frames, 1]


@torch.no_grad()
def test_what_lies_past_the_count_is_never_read():
    backbone = small().eval()
    frames, counts = torch.randn(1, 30, 20), torch.tensor([13])
    poisoned = frames.clone()
    poisoned[:, 13:] = torch.nan
    clean, n_frames = backbone(frames, counts)
    dirty, _ = backbone(poisoned, counts)
    assert torch.equal(clean[:, : n_frames[0]], dirty[:, : n_frames[0]])


@torch.no_grad()
def test_folding_the_normalisation_changes_nothing():
    block = small().stages[1].first
    norm = block.normalisation
    for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        values.uniform_(0.5, 1.5)
    image = torch.randn(2, 16, 9, 8)
    block.eval()
    torch.testing.assert_close(block(image), norm(block.convolution(image)))


@torch.no_grad()
def test_published_pooling_reads_ten_columns_of_frequency():
    backbone = small(frequency_pool="published").eval()
    narrow, wide = torch.zeros(1, 8, 40), torch.zeros(1, 8, 40)
    wide[..., 35:] = 1.0  # columns 16 to 19 of 20 that remain, and their neighbours
    assert torch.equal(backbone(narrow)[0], backbone(wide)[0])
    backbone.frequency_pool = "mean"
    assert not torch.equal(backbone(narrow)[0], backbone(wide)[0])


def test_published_pooling_refuses_fewer_columns():
    with pytest.raises(InputError, match="10 columns of frequency, 9 remain"):
        small(frequency_pool="published")(torch.zeros(1, 8, 18))


def test_weights_lie_channels_last():
    convolution = small().stages[1].first.convolution
    assert convolution.weight.is_contiguous(memory_format=torch.channels_last)


def test_a_stage_may_keep_its_width():
    block = ResNet(blocks=[2], channels=[16]).stages[1]
    assert isinstance(block.shortcut, nn.Identity)
