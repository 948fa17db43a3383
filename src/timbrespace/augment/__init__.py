"""Changes of waveforms that keep the label, seeded by the caller."""

from timbrespace.augment.augmentation import Augmentation
from timbrespace.augment.concatenate import fill_with_notes, piece_of

__all__ = ["Augmentation", "fill_with_notes", "piece_of"]
