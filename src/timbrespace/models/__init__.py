"""Waveforms in, embeddings out: front ends, backbones, poolings, heads, and what joins them."""

from timbrespace.models.backbones import ResNet, ShaResNet
from timbrespace.models.base import IGNORED, Backbone, Frontend, Head, Pooling
from timbrespace.models.encoder import Encoder
from timbrespace.models.export import export_onnx
from timbrespace.models.files import encoder_hash, save_encoder
from timbrespace.models.frontends import CQT, PCEN, BandEnergy, LogMel, NormedSincNet, SincNet
from timbrespace.models.heads import AdditiveAngularMargin, ASoftmax, Softmax, SupervisedContrastive
from timbrespace.models.pooling import LDE, AttentiveStatistics, Statistics
from timbrespace.models.sounds import Sound, Windows
from timbrespace.models.sources import load_encoder
from timbrespace.models.speed import keep_freed_memory, on_quickest_device, quickest_precision
from timbrespace.models.trunk import Trunk
from timbrespace.models.waveforms import embed_waveforms, raw_embeddings

__all__ = [
    "CQT",
    "IGNORED",
    "LDE",
    "PCEN",
    "ASoftmax",
    "AdditiveAngularMargin",
    "AttentiveStatistics",
    "Backbone",
    "BandEnergy",
    "Encoder",
    "Frontend",
    "Head",
    "LogMel",
    "NormedSincNet",
    "Pooling",
    "ResNet",
    "ShaResNet",
    "SincNet",
    "Softmax",
    "Sound",
    "Statistics",
    "SupervisedContrastive",
    "Trunk",
    "Windows",
    "embed_waveforms",
    "encoder_hash",
    "export_onnx",
    "keep_freed_memory",
    "load_encoder",
    "on_quickest_device",
    "quickest_precision",
    "raw_embeddings",
    "save_encoder",
]
