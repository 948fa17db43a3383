import copy
import math

import pytest
import torch

from timbrespace.models import (
    IGNORED,
    AdditiveAngularMargin,
    ASoftmax,
    Softmax,
    SupervisedContrastive,
)
from timbrespace.models.heads.a_softmax import steep_cosine

HEADS = [
    Softmax(embedding_size=8, n_classes=4),
    ASoftmax(embedding_size=8, n_classes=4, m=3),
    AdditiveAngularMargin(embedding_size=8, n_classes=4),
    AdditiveAngularMargin(embedding_size=8, n_classes=4, n_subcentres=3),
    SupervisedContrastive(embedding_size=8, n_classes=4),
    SupervisedContrastive(embedding_size=8, n_classes=4, projection_size=5),
    Softmax(embedding_size=8, n_classes=4, label_smoothing=0.1),
]
TARGET = torch.tensor([0, 3, 1, 2, 0])


@pytest.fixture(params=HEADS, ids=lambda head: type(head).__name__)
def head(request):
    return copy.deepcopy(request.param).eval()


def test_unknown_targets_have_no_part(head):
    embedding = torch.randn(5, 8)
    target = TARGET.clone()
    target[[1, 3]] = IGNORED
    known = [0, 2, 4]
    torch.testing.assert_close(head(embedding, target), head(embedding[known], target[known]))


def test_no_known_target_gives_no_loss_and_no_gradient(head):
    embedding = torch.randn(5, 8, requires_grad=True)
    loss = head(embedding, torch.full((5,), IGNORED))
    loss.backward()
    assert loss == 0
    assert (embedding.grad == 0).all()


def test_descending_the_loss_finds_the_classes(head):
    torch.manual_seed(0)
    head.train()
    embedding = torch.randn(5, 8, requires_grad=True)
    optimiser = torch.optim.Adam([embedding], lr=0.1)
    for _ in range(100):
        optimiser.zero_grad()
        head(embedding, TARGET).backward()
        optimiser.step()
    assert torch.equal(head.scores(embedding).argmax(1), TARGET)


@pytest.mark.parametrize("place", ["at", "opposite"])
@pytest.mark.parametrize("head", HEADS[1:4], ids=["ASoftmax", "one centre", "sub-centres"])
def test_gradients_are_finite_where_the_angle_is_none_or_half_a_turn(head, place):
    sign = 1.0 if place == "at" else -1.0
    embedding = (sign * head.weight[TARGET]).detach().requires_grad_()
    head(embedding, TARGET).backward()
    assert embedding.grad.isfinite().all()


def test_a_zero_embedding_gives_a_finite_loss(head):
    assert head(torch.zeros(5, 8), TARGET).isfinite()


def test_margins_raise_the_loss():
    embedding = torch.randn(5, 8)
    losses = []
    for margin in (0.0, 0.2, 0.5):
        head = AdditiveAngularMargin(embedding_size=8, n_classes=4, margin=margin)
        head.load_state_dict(HEADS[2].state_dict())
        losses.append(float(head(embedding, TARGET).detach()))
    assert losses == sorted(set(losses))


def test_additive_margin_is_an_angle():
    head = AdditiveAngularMargin(embedding_size=2, n_classes=2, margin=0.3, scale=1.0)
    head.weight.data = torch.eye(2)
    angle = torch.tensor(0.8)
    embedding = 7 * torch.stack([angle.cos(), angle.sin()])[None]
    logits = torch.stack([(angle + 0.3).cos(), angle.sin()])[None]
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    torch.testing.assert_close(head(embedding, torch.tensor([0])).detach(), expected)


@pytest.mark.parametrize("margin", [0.2, 1.0])
def test_additive_margin_falls_all_the_way_with_the_angle(margin):
    head = AdditiveAngularMargin(embedding_size=2, n_classes=1, margin=margin)
    cosine = torch.linspace(1, -1, 500, dtype=torch.float64)
    assert (head._with_margin(cosine).diff() < 0).all()


def test_a_class_of_several_centres_is_as_near_as_the_nearest():
    head = AdditiveAngularMargin(embedding_size=4, n_classes=2, n_subcentres=2)
    head.weight.data = torch.eye(4)  # class 0: the first two axes
    embedding = torch.tensor([[3.0, 1.0, 0.0, 2.0], [0.0, 5.0, 0.0, 0.0]])
    expected = torch.tensor([[3.0, 2.0], [5.0, 0.0]]) / embedding.norm(dim=1, keepdim=True)
    torch.testing.assert_close(head.scores(embedding).detach(), expected)


def test_equal_subcentres_are_one_centre():
    torch.manual_seed(0)
    one, several = HEADS[2], AdditiveAngularMargin(embedding_size=8, n_classes=4, n_subcentres=3)
    several.weight.data = one.weight.data.repeat_interleave(3, 0)
    embedding = torch.randn(5, 8)
    torch.testing.assert_close(several(embedding, TARGET), one(embedding, TARGET))


def test_only_the_nearest_subcentre_learns():
    head = AdditiveAngularMargin(embedding_size=4, n_classes=2, n_subcentres=2)
    head.weight.data = torch.eye(4)
    head(torch.tensor([[3.0, 1.0, 1.0, 2.0]]), torch.tensor([0])).backward()
    assert head.weight.grad.any(1).tolist() == [True, False, False, True]


@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_steep_cosine_falls_all_the_way_from_1_to_1_minus_2m(m):
    angle = torch.linspace(0, math.pi, 1000, dtype=torch.float64)
    steep = steep_cosine(angle.cos(), m)
    assert (steep.diff() <= 1e-9).all()
    torch.testing.assert_close(
        steep[[0, -1]], torch.tensor([1.0, 1.0 - 2 * m], dtype=torch.float64)
    )


def test_annealing_goes_on_where_it_was_saved():
    head = ASoftmax(embedding_size=8, n_classes=4)
    for _ in range(3):
        head.train()(torch.randn(5, 8), TARGET)
    head.eval()(torch.randn(5, 8), TARGET)
    resumed = ASoftmax(embedding_size=8, n_classes=4)
    resumed.load_state_dict(head.state_dict())
    assert resumed.step == 3
