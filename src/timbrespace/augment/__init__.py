"""Changes of waveforms that keep the label, seeded by the caller."""

from timbrespace.augment.concatenate import fill_with_notes

__all__ = ["fill_with_notes"]
