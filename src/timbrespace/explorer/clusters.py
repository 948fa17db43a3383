"""Clusters of sounds, named by what is commonest in each.

Comes in: vectors and what is known of each sound. Goes out: the name of each sound's cluster.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from timbrespace.explorer.neighbours import unit_rows

_FEWEST, _MOST = 2, 24
_MOST_FITTED = 50_000
_BLOCK_ROWS = 16_384


def cluster_names(
    vectors: npt.NDArray[np.float16], known: Sequence[str | None]
) -> list[str | None]:
    """The name of each sound's cluster: k-means of directions, more clusters for more sounds.

    Args:
        vectors: (n, values).
        known: instrument, or family, of each sound; None if unknown; (n,).

    Returns:
        (n,); all None for fewer than four sounds. A name is the commonest of those known in the
        cluster, with a number where clusters share it.
    """
    if len(vectors) < 2 * _FEWEST:
        return [None] * len(vectors)
    clusters = _clusters(vectors)
    within: dict[int, Counter[str]] = defaultdict(Counter)
    for cluster, name in zip(clusters.tolist(), known, strict=True):
        within[cluster][name or ""] += 1
    names = _names(within)
    return [names[cluster] for cluster in clusters.tolist()]


def _clusters(vectors: npt.NDArray[np.float16]) -> npt.NDArray[np.int64]:
    from sklearn.cluster import MiniBatchKMeans

    count = min(_MOST, max(_FEWEST, round(math.sqrt(len(vectors) / 4))))
    chosen = np.random.default_rng(0).permutation(len(vectors))[:_MOST_FITTED]
    fitted = unit_rows(vectors[np.sort(chosen)])
    means = MiniBatchKMeans(count, n_init=3, random_state=0).fit(fitted)
    blocks = range(0, len(vectors), _BLOCK_ROWS)
    found = [means.predict(unit_rows(vectors[first : first + _BLOCK_ROWS])) for first in blocks]
    return np.concatenate(found).astype(np.int64)


def _names(within: dict[int, Counter[str]]) -> dict[int, str]:
    """A name for each cluster, the larger ones named first."""
    names: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for cluster in sorted(within, key=lambda cluster: (-within[cluster].total(), cluster)):
        counts = within[cluster]
        name = max(counts, key=lambda name: (bool(name), counts[name], name)) or "unknown"
        taken[name] += 1
        names[cluster] = name if taken[name] == 1 else f"{name} {taken[name]}"
    return names
