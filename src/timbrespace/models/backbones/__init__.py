"""Frames to frames that know their neighbours."""

from timbrespace.models.backbones.resnet import ResNet
from timbrespace.models.backbones.sha_resnet import ShaResNet

__all__ = ["ResNet", "ShaResNet"]
