"""A residual network whose blocks share weights.

Comes in and goes out: as `ResNet`. Within a stage, the second convolution of every block has the
same weights; each keeps its own normalisation. It computes as much as `ResNet` with fewer weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from torch import nn

from timbrespace.models.backbones.resnet import BasicBlock, FrequencyPool, NormedConvolution, ResNet


class ShaResNet(ResNet):
    """`ResNet` with one second convolution a stage; arguments as `ResNet`.

    Source: Boulch 2017, "ShaResNet: reducing residual network parameter number by sharing weights",
    arXiv:1702.08782, as used by Zhong et al. 2023, arXiv:2306.08850.
    """

    def __init__(
        self,
        *,
        blocks: Sequence[int] = (3, 4, 6, 3),
        channels: Sequence[int] = (16, 32, 64, 128),
        stem_stride: int = 1,
        frequency_pool: FrequencyPool = "mean",
    ) -> None:
        super().__init__(
            blocks=blocks,
            channels=channels,
            stem_stride=stem_stride,
            frequency_pool=frequency_pool,
        )
        for first, count in zip(accumulate([0, *blocks]), blocks, strict=False):
            _share(list(self.stages)[first : first + count])


class _Borrowed(NormedConvolution):
    """A normalised convolution whose weights belong to another one."""

    def __init__(self, lender: NormedConvolution) -> None:
        nn.Module.__init__(self)
        self._lender = (lender,)  # in a tuple, so that its weights are not counted here, too
        self.normalisation = nn.BatchNorm2d(lender.normalisation.num_features)

    @property
    def convolution(self) -> nn.Conv2d:  # type: ignore[override]
        """The lender's."""
        return self._lender[0].convolution


def _share(blocks: Sequence[nn.Module]) -> None:
    lender, *borrowers = (block for block in blocks if isinstance(block, BasicBlock))
    for borrower in borrowers:
        borrower.second = _Borrowed(lender.second)
