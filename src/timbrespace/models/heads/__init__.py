"""Embedding to the loss of telling classes apart."""

from timbrespace.models.heads.a_softmax import ASoftmax
from timbrespace.models.heads.angular_margin import AdditiveAngularMargin
from timbrespace.models.heads.softmax import Softmax
from timbrespace.models.heads.supervised_contrastive import SupervisedContrastive

__all__ = ["ASoftmax", "AdditiveAngularMargin", "Softmax", "SupervisedContrastive"]
