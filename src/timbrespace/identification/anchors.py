"""Anchors: the sounds, or centres of sounds, that stand for all that was taught.

Comes in: unit vectors. Goes out: at most 256 unit vectors.
"""

from __future__ import annotations

import numpy as np

from timbrespace.embeddings import Vectors

MOST_ANCHORS = 256


def anchors_of(vectors: Vectors, *, seed: int = 0) -> Vectors:
    """The vectors themselves or, if they are many, centres by k-means; (<= 256, dimensions).

    Args:
        vectors: (n, dimensions), unit length.
        seed: of k-means.

    Returns:
        Unit length, as exact as 16 bits a value are.
    """
    if len(vectors) > MOST_ANCHORS:
        from sklearn.cluster import MiniBatchKMeans

        means = MiniBatchKMeans(MOST_ANCHORS, n_init=1, random_state=seed).fit(vectors)
        vectors = means.cluster_centers_
    short = vectors.astype(np.float16).astype(np.float32)
    return np.asarray(short / np.linalg.norm(short, axis=1, keepdims=True), np.float32)
