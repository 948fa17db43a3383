"""Changes of waveforms, seeded by the caller: those that keep the label, and those that mix it."""

from timbrespace.augment.augmentation import Augmentation
from timbrespace.augment.concatenate import fill_with_notes, piece_of
from timbrespace.augment.mixup import Mixed, Mixup

__all__ = ["Augmentation", "Mixed", "Mixup", "fill_with_notes", "piece_of"]
