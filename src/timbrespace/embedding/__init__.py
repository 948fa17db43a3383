"""Sounds in, embeddings table out: batches, long sounds, bad files, resuming."""

from timbrespace.embedding.gather import gather
from timbrespace.embedding.table import Embedded, embed_manifest
from timbrespace.models import embed_waveforms

__all__ = ["Embedded", "embed_manifest", "embed_waveforms", "gather"]
