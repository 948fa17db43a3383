"""Frames to frames that know their neighbours."""

from timbrespace.models.backbones.resnet import ResNet

__all__ = ["ResNet"]
