import pytest
import torch
from torch import nn

from timbrespace.tagging.losses import class_weights, tagging_loss


@pytest.fixture
def decisions():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(5, 4, generator=generator)
    return logits, (torch.rand(5, 4, generator=generator) > 0.5).float()


def test_all_known_is_plain_cross_entropy(decisions):
    logits, truth = decisions
    theirs = nn.functional.binary_cross_entropy_with_logits(logits, truth)
    torch.testing.assert_close(tagging_loss(logits, truth, torch.ones(5, 4) > 0), theirs)


def test_what_is_unknown_does_not_count(decisions):
    logits, truth = decisions
    known = torch.rand(5, 4, generator=torch.Generator().manual_seed(1)) > 0.4
    loss = tagging_loss(logits, truth, known)
    changed = torch.where(known, truth, 1 - truth)
    assert tagging_loss(logits, changed, known) == loss
    assert tagging_loss(logits, truth, torch.zeros(5, 4) > 0) == 0


def test_focusing_makes_easy_decisions_weigh_less():
    known = torch.tensor([[True]])
    easy, hard = torch.tensor([[3.0]]), torch.tensor([[-3.0]])
    truth = torch.ones(1, 1)
    shares = [
        tagging_loss(logits, truth, known, focusing=2.0) / tagging_loss(logits, truth, known)
        for logits in (easy, hard)
    ]
    missing = 1 - torch.tensor([3.0, -3.0]).sigmoid()
    torch.testing.assert_close(torch.stack(shares), missing.square())


def test_rare_classes_weigh_more_and_equal_ones_alike():
    weights = class_weights(torch.tensor([10, 1_000, 0]), beta=0.999)
    assert weights[2] > weights[0] > weights[1]
    assert weights.mean() == pytest.approx(1.0)
    assert class_weights(torch.tensor([7, 7]), beta=0.99).tolist() == [1.0, 1.0]
