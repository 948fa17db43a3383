import re
from dataclasses import replace

import pytest

from timbrespace.errors import ConfigError
from timbrespace.reproduction.zhong2023.paper import SIZES
from timbrespace.reproduction.zhong2023.sizes import (
    check_networks,
    is_light,
    network_title,
    row_title,
    size_of,
)

ONE_BLOCK = "encoder.backbone.init_args.blocks=[1,1,1,1]"


@pytest.fixture
def plain(request_of):
    return replace(request_of, changes=(), steps=None, rows=tuple(SIZES))


def test_networks_have_the_published_sizes(plain):
    assert size_of(plain, "full", n_classes=11).n_weights == pytest.approx(1.3e6, rel=0.05)
    light = size_of(plain, "shared-2-2-2-2", n_classes=11)
    assert light.n_weights == pytest.approx(519e3, rel=1e-3)
    assert light.multiply_adds < size_of(plain, "shared-3-4-6-3", n_classes=11).multiply_adds


def test_rows_are_named_by_the_networks_that_are_trained(plain):
    assert [network_title(plain, row) for row in SIZES] == [
        "3-4-6-3 blocks",
        "3-3-4-3 blocks",
        "2-2-2-2 blocks",
        "3-4-6-3 blocks, shared",
        "3-3-4-3 blocks, shared",
        "2-2-2-2 blocks, shared",
        "3-4-6-3 blocks, 16-16-32-64 channels",
    ]
    changed = replace(plain, changes=(ONE_BLOCK,))
    assert network_title(changed, "full") == "1-1-1-1 blocks"
    assert network_title(changed, "shared-2-2-2-2") == "1-1-1-1 blocks"  # nothing to share
    assert row_title(changed, "thin") == "1-1-1-1 blocks, 16-16-32-64 channels"
    assert row_title(changed, "full") == "pre-trained on notes"


def test_rows_that_changes_make_one_network_are_refused(plain):
    rows = ("full", "thin", "reduced-2-2-2-2", "shared-2-2-2-2", "no-mixup")
    changed = replace(plain, rows=rows, changes=("sampling.batch_size=8", ONE_BLOCK))
    message = (
        "^rows full, reduced-2-2-2-2, shared-2-2-2-2 are for different networks, and all would be "
        r"of 1-1-1-1 blocks: leave out --set encoder.backbone.init_args.blocks=\[1,1,1,1\], or"
    )
    with pytest.raises(ConfigError, match=message):
        check_networks(changed)
    check_networks(replace(changed, rows=("full", "thin", "scratch", "no-mixup")))


def test_all_changes_of_the_encoder_are_named_where_it_takes_several(plain):
    changes = (
        "encoder.backbone.init_args.blocks=[1,1]",
        "encoder.backbone.init_args.channels=[16,128]",
    )
    message = re.escape(f"leave out --set {' '.join(changes)}, or")
    rows = ("full", "reduced-2-2-2-2")
    with pytest.raises(ConfigError, match=message):
        check_networks(replace(plain, rows=rows, changes=(*changes, "sampling.batch_size=8")))


def test_only_the_light_network_of_the_paper_is_called_so(plain):
    light = size_of(plain, "shared-2-2-2-2", n_classes=11)
    assert is_light(plain, light)
    assert not is_light(plain, size_of(plain, "shared-2-2-2-2", n_classes=5))
    strided = replace(plain, changes=("encoder.backbone.init_args.stem_stride=2",))
    assert not is_light(strided, size_of(strided, "shared-2-2-2-2", n_classes=11))
