import pytest
import torch

from timbrespace.models import IGNORED, SupervisedContrastive

TARGET = torch.tensor([0, 3, 0, 1, 3, 0, IGNORED, IGNORED])


def plain_loss(embedding, target, temperature):
    """The paper's formula, term by term; sounds of unknown class are left out beforehand."""
    unit = embedding / embedding.norm(dim=1, keepdim=True)
    losses = []
    for i, anchor in enumerate(target):
        others = [a for a in range(len(target)) if a != i]
        mates = [p for p in others if target[p] == anchor]
        if mates:
            total = sum((unit[i] @ unit[a] / temperature).exp() for a in others)
            terms = [-((unit[i] @ unit[p] / temperature).exp() / total).log() for p in mates]
            losses.append(sum(terms) / len(terms))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_the_loss_is_the_published_one(temperature):
    torch.manual_seed(0)
    embedding = torch.randn(8, 6)
    head = SupervisedContrastive(embedding_size=6, n_classes=4, temperature=temperature)
    expected = plain_loss(embedding[:6], TARGET[:6], temperature)
    torch.testing.assert_close(head(embedding, TARGET), expected)


def test_a_batch_without_a_pair_teaches_nothing():
    head = SupervisedContrastive(embedding_size=6, n_classes=4)
    for target in (torch.tensor([2]), torch.tensor([0, 1, 2, IGNORED, IGNORED])):
        embedding = torch.randn(len(target), 6, requires_grad=True)
        loss = head(embedding, target)
        loss.backward()
        assert loss == 0
        assert (embedding.grad == 0).all()


def test_a_sound_alone_of_its_class_still_repels():
    head = SupervisedContrastive(embedding_size=2, n_classes=2)
    target = torch.tensor([0, 0, 1])
    near, far = (
        head(torch.tensor([[1.0, 0.1], [1.0, -0.1], [x, 0.0]]), target) for x in (1.0, -1.0)
    )
    assert near > far


def test_lengths_change_nothing():
    torch.manual_seed(0)
    head = SupervisedContrastive(embedding_size=6, n_classes=4)
    embedding = torch.randn(8, 6)
    longer = embedding * torch.arange(1.0, 9.0)[:, None]
    torch.testing.assert_close(head(longer, TARGET), head(embedding, TARGET))


def test_the_projection_learns_and_is_optional():
    projected = SupervisedContrastive(embedding_size=6, n_classes=4, projection_size=3)
    projected(torch.randn(8, 6), TARGET).backward()
    assert all(parameter.grad.any() for parameter in projected.parameters())
    assert not list(SupervisedContrastive(embedding_size=6, n_classes=4).parameters())


def test_scores_are_cosines_to_the_running_means_of_the_classes():
    head = SupervisedContrastive(embedding_size=3, n_classes=4)
    axes = torch.eye(3)
    embedding = torch.stack([2 * axes[0], axes[1], axes[0], axes[2], axes[1]])
    head(embedding, torch.tensor([0, 3, 0, IGNORED, 3]))
    expected = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    torch.testing.assert_close(head.scores(5 * axes[:2]), expected)
    assert not head.scores(axes[2:]).any()


def test_prototypes_move_in_training_only_and_are_saved():
    head = SupervisedContrastive(embedding_size=6, n_classes=4)
    head(torch.randn(8, 6), TARGET)
    moved = head.prototypes.clone()
    head.eval()(torch.randn(8, 6), TARGET)
    assert torch.equal(head.prototypes, moved)
    resumed = SupervisedContrastive(embedding_size=6, n_classes=4)
    resumed.load_state_dict(head.state_dict())
    assert torch.equal(resumed.prototypes, moved)
