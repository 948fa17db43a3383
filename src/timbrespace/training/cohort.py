"""The instruments of training as a cohort, by which scores of others are normalised.

Comes in: a trained encoder and the packed notes that it learned from. Goes out: an embeddings table
with one row for each instrument, the mean of some of its notes, heard whole as `embed` hears them.
What is looked at then is what scores are made of: centres of training examples, which are joined,
cut and changed, serve less well (docs/verification.md).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from timbrespace.embeddings import embeddings_table
from timbrespace.manifest import manifest_from_rows
from timbrespace.models import Encoder, embed_waveforms, encoder_hash
from timbrespace.training.store import WaveformStore

_NOTES = 20
_FULL_SCALE = np.float32(32768)
_COLUMNS = ("instrument", "kind", "family", "source", "maker", "split")


def training_cohort(
    encoder: Encoder,
    store: WaveformStore,
    rows: pa.Table,
    *,
    name: str,
    on_progress: Callable[[int], None] = lambda done: None,
) -> pa.Table:
    """One row for each instrument, in the order of their names, whose id is the instrument's name.

    Args:
        encoder: in evaluation mode; the device it is on is used.
        store: packed notes at the encoder's rate.
        rows: row of the manifest of each note of the store, instruments known.
        name: the encoder's name.
        on_progress: called with the number of instruments that are done.

    Returns:
        An embeddings table: each vector is the mean of those of at most 20 notes, drawn at random,
        always the same ones.
    """
    instruments = np.array(rows["instrument"].to_pylist())
    names, firsts = np.unique(instruments, return_index=True)
    vectors = []
    for done, instrument in enumerate(names, start=1):
        waveforms = _some_notes(store, np.flatnonzero(instruments == instrument))
        vectors.append(embed_waveforms(encoder, waveforms).mean(axis=0))
        on_progress(done)
    described = rows.take(pa.array(firsts)).select(_COLUMNS).to_pylist()
    manifest = manifest_from_rows(
        {"id": row["instrument"], "path": row["instrument"], **row} for row in described
    )
    return embeddings_table(
        manifest, vectors, encoder_name=name, encoder_hash=encoder_hash(encoder)
    )


def _some_notes(store: WaveformStore, notes: npt.NDArray[np.intp]) -> list[npt.NDArray[np.float32]]:
    chosen = np.random.default_rng(0).permutation(notes)[:_NOTES]
    return [store.note(int(note)).astype(np.float32) / _FULL_SCALE for note in chosen]
