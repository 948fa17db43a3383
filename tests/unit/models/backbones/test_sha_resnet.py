import copy

import torch

from timbrespace.models import (
    Encoder,
    LogMel,
    ResNet,
    ShaResNet,
    Statistics,
    load_encoder,
    save_encoder,
)

SETTINGS = {"blocks": [2, 3], "channels": [16, 24], "stem_stride": 2}
FRAMES = torch.randn(2, 20, 16, generator=torch.Generator().manual_seed(0))


def count(module):
    return sum(weight.numel() for weight in module.parameters())


def test_blocks_of_a_stage_share_their_second_convolution():
    shared, plain = ShaResNet(**SETTINGS), ResNet(**SETTINGS)
    assert count(plain) - count(shared) == 9 * (16 * 16 + 2 * 24 * 24)
    lender = shared.stages[2].second.convolution.weight
    assert shared.stages[3].second.convolution.weight is lender
    assert shared.stages[4].second.convolution.weight is lender
    assert shared.stages[1].second.convolution.weight is not lender


def test_it_computes_what_a_network_with_equal_weights_computes():
    shared, plain = ShaResNet(**SETTINGS).eval(), ResNet(**SETTINGS).eval()
    state = plain.state_dict() | shared.state_dict()
    for stage in (range(1, 2), range(3, 5)):
        for block in stage:
            first = f"stages.{stage.start - 1}.second.convolution.weight"
            state[f"stages.{block}.second.convolution.weight"] = state[first]
    plain.load_state_dict(state)
    torch.testing.assert_close(shared(FRAMES)[0], plain(FRAMES)[0])


def test_a_copy_shares_with_itself_only_and_learns():
    first = ShaResNet(**SETTINGS)
    second = copy.deepcopy(first)
    lender = second.stages[2].second.convolution.weight
    assert second.stages[4].second.convolution.weight is lender
    assert lender is not first.stages[2].second.convolution.weight
    second(FRAMES)[0].sum().backward()
    assert lender.grad is not None


def test_it_travels_in_an_encoders_folder(tmp_path):
    encoder = Encoder(LogMel(n_bands=16), ShaResNet(**SETTINGS), Statistics(n_features=24), 8)
    save_encoder(encoder.eval(), tmp_path / "shared", name="shared")
    wave = torch.randn(1, 8_000)
    torch.testing.assert_close(load_encoder(tmp_path / "shared")(wave), encoder(wave))
