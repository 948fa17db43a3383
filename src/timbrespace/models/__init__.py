"""Waveforms in, embeddings out: front ends, backbones, poolings, heads, and what joins them."""

from timbrespace.models.backbones import ResNet
from timbrespace.models.base import IGNORED, Backbone, Frontend, Head, Pooling
from timbrespace.models.encoder import Encoder
from timbrespace.models.files import encoder_hash, load_encoder, save_encoder
from timbrespace.models.frontends import CQT, BandEnergy, LogMel, SincNet
from timbrespace.models.heads import AdditiveAngularMargin, ASoftmax, Softmax
from timbrespace.models.pooling import LDE, AttentiveStatistics, Statistics
from timbrespace.models.speed import keep_freed_memory, on_quickest_device, quickest_precision

__all__ = [
    "CQT",
    "IGNORED",
    "LDE",
    "ASoftmax",
    "AdditiveAngularMargin",
    "AttentiveStatistics",
    "Backbone",
    "BandEnergy",
    "Encoder",
    "Frontend",
    "Head",
    "LogMel",
    "Pooling",
    "ResNet",
    "SincNet",
    "Softmax",
    "Statistics",
    "encoder_hash",
    "keep_freed_memory",
    "load_encoder",
    "on_quickest_device",
    "quickest_precision",
    "save_encoder",
]
